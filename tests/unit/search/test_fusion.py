"""The ranking rule is arithmetic: check it against values worked out by hand, and against what it promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.fusion import (
    NOTHING,
    Signals,
    as_share,
    fused_score,
    in_spread_of,
)

shares = st.floats(0, 1)


def test_the_rule_on_a_worked_example() -> None:
    signals = NOTHING._replace(cosine=0.6, hub=0.4, words=0.5, every_word=1.0, names=0.25, trigrams=0.1)
    assert fused_score(signals, hardness=0.5) == pytest.approx(0.6 - 0.2 + 1.25 * 0.5 + 0.2 + 0.5 + 0.1)
    beside = signals._replace(side_by_side=1.0)
    assert fused_score(beside, hardness=0.5) == pytest.approx(fused_score(signals, hardness=0.5) + 0.3)
    spoken = NOTHING._replace(picture=0.2, cues=0.5)
    assert fused_score(spoken, hardness=1.0) == pytest.approx(0.2 + 1.6 * 0.5)


def test_many_are_scored_as_each_alone() -> None:
    alone = [NOTHING._replace(cosine=0.1 * n, hub=0.3, words=0.05 * n, names=0.5 - 0.05 * n) for n in range(10)]
    together = Signals(*(np.array(column) for column in zip(*alone, strict=True)))
    assert fused_score(together, hardness=0.3) == pytest.approx([fused_score(one, hardness=0.3) for one in alone])


@given(cosine=st.floats(-1, 1), hub=shares, words=shares, hard=shares)
def test_words_never_hurt_and_hubs_never_help(cosine: float, hub: float, words: float, hard: float) -> None:
    without = NOTHING._replace(cosine=cosine, hub=hub)
    with_words = fused_score(without._replace(words=words), hardness=hard)
    assert with_words >= fused_score(without, hardness=hard)
    assert with_words <= fused_score(without._replace(words=words, hub=0.0), hardness=hard)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.lists(st.floats(-1, 1), max_size=30))
def test_another_space_s_similarities_keep_their_order_and_take_the_spread(
    similarities: list[float], others: list[float]
) -> None:
    scaled = in_spread_of(dict(enumerate(similarities)), others)
    assert min(scaled.values()) == 0
    for one, another in zip(range(len(similarities)), range(1, len(similarities)), strict=False):
        assert (similarities[one] <= similarities[another]) or (scaled[one] >= scaled[another])
    if len(set(similarities)) > 1 and len(others) > 1 and np.std(similarities) > 1e-3:
        assert np.std(list(scaled.values())) == pytest.approx(np.std(others), abs=1e-9)


def test_a_share_is_never_more_than_all() -> None:
    assert as_share(1.0, 2.0) == 0.5
    assert as_share(3.0, 2.0) == 1
    assert as_share(1.0, 0.0) == 0
