"""The ranking rule is arithmetic: check it against values worked out by hand, and against what it promises."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.fusion import (
    Signals,
    as_share,
    fused_score,
    inverse_document_frequency,
    rarest_within_budget,
    saturated_top,
    share_of_weight,
)

shares = st.floats(0, 1)


def test_the_rule_on_a_worked_example() -> None:
    signals = Signals(cosine=0.6, hub=0.4, words=0.5, names=0.25, trigrams=0.1)
    assert fused_score(signals, hardness=0.5) == pytest.approx(0.6 - 0.2 + 1.25 * 0.5 + 0.5 + 0.1)


@given(cosine=st.floats(-1, 1), hub=shares, words=shares, hard=shares)
def test_words_never_hurt_and_hubs_never_help(cosine: float, hub: float, words: float, hard: float) -> None:
    with_words = fused_score(Signals(cosine, hub, words), hardness=hard)
    assert with_words >= fused_score(Signals(cosine, hub, 0.0), hardness=hard)
    assert with_words <= fused_score(Signals(cosine, 0.0, words), hardness=hard)


def test_idf_is_that_of_fts5() -> None:
    assert inverse_document_frequency(1, 100) == pytest.approx(math.log(99.5 / 1.5))
    assert inverse_document_frequency(99, 100) == 1e-6


def test_an_unknown_word_makes_the_rest_less_sure() -> None:
    known = saturated_top({"boat": 3}, 100)
    with_unknown = saturated_top({"boat": 3, "zzz": 0}, 100)
    assert as_share(2.0, with_unknown) < as_share(2.0, known) <= 1
    assert as_share(1.0, 0.0) == 0


def test_share_is_a_share_of_the_weight() -> None:
    frequencies = {"boat": 50, "bt0431": 1}
    assert share_of_weight([], frequencies, 100) == 0
    assert 0.5 < share_of_weight(["bt0431"], frequencies, 100) < 1
    assert share_of_weight(list(frequencies), frequencies, 100) == pytest.approx(1)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 1000)), st.integers(1, 500))
def test_the_budget_keeps_the_rarest_and_at_least_one(frequencies: dict[str, int], budget: int) -> None:
    chosen = rarest_within_budget(frequencies, budget)
    known = {word for word, found in frequencies.items() if found}
    assert bool(chosen) == bool(known)
    assert set(chosen) <= known
    assert len(chosen) == 1 or sum(frequencies[word] for word in chosen) <= budget
    assert all(frequencies[a] <= frequencies[b] for a in chosen for b in known - set(chosen))
