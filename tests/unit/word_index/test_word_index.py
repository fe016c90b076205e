"""The index ranks as the store's own BM25 does, whatever is asked, allowed or left out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import bm25
from indexer.word_index import Mask, Rows, WordIndex, build

Texts = Sequence[tuple[int, str]]
NONE: Rows = np.empty(0, np.int64)
STEMS = ["a", "man", "dog", "über", "東京", "bt0431", "‖", "z"]
ROWS = st.integers(0, 40)
WORDS = st.lists(st.sampled_from(STEMS[:-1]), max_size=8).map(" ".join)
TEXTS = st.dictionaries(ROWS, WORDS, max_size=30).flatmap(lambda texts: st.permutations(list(texts.items())))
WEIGHTS = st.dictionaries(st.sampled_from(STEMS), st.floats(0.01, 10), max_size=4)
CHOSEN = st.sets(st.integers(0, 50)).map(lambda rows: as_rows(sorted(rows)))


def as_rows(rows: Sequence[int]) -> Rows:
    return np.array(rows, np.int64)


def alive_but(index: WordIndex, without: Rows) -> Mask | None:
    return None if not len(without) else ~np.isin(index.documents, without)


def mean_of(texts: Texts) -> float:
    return max(1.0, sum(len(text.split()) for _, text in texts) / max(1, len(texts)))


def check_match(index: WordIndex, texts: Texts, weights: Mapping[str, float], **asked: object) -> None:
    """`match` finds what ranking every text that may be found, one by one, finds."""
    limit, allowed, without = asked["limit"], asked["allowed"], asked["without"]
    assert isinstance(limit, int)
    assert isinstance(without, np.ndarray)
    assert allowed is None or isinstance(allowed, np.ndarray)
    left_out = set(without.tolist())
    let_in = None if allowed is None else set(allowed.tolist())
    open_to = [(row, text) for row, text in texts if row not in left_out and (let_in is None or row in let_in)]
    ranked = bm25.ranked(open_to, weights, mean_length=index.mean_length, limit=len(texts))
    expected = dict(ranked)
    found = index.match(weights, limit=limit, allowed=allowed, alive=alive_but(index, without))
    assert len(found) == min(limit, len(expected))
    assert found == sorted(found, key=lambda one: (-one[1], one[0]))
    assert [score for _, score in found] == pytest.approx([expected[row] for row, _ in found], rel=1e-5)
    assert [score for _, score in found] == pytest.approx([score for _, score in ranked[:limit]], rel=1e-5)


@given(TEXTS, WEIGHTS, st.integers(1, 40), st.none() | CHOSEN, CHOSEN)
def test_it_ranks_as_the_store_does(
    texts: Texts, weights: Mapping[str, float], limit: int, allowed: Rows | None, without: Rows
) -> None:
    index = build(texts)
    assert index.mean_length == pytest.approx(mean_of(texts))
    check_match(index, texts, weights, limit=limit, allowed=allowed, without=without)


@given(TEXTS, st.floats(1, 50))
def test_lengths_are_measured_by_the_mean_that_is_given(texts: Texts, mean: float) -> None:
    index = build(texts, mean_length=mean)
    assert index.mean_length == mean
    check_match(index, texts, {"man": 2.0, "dog": 1.0}, limit=10, allowed=None, without=NONE)


@given(TEXTS, CHOSEN)
def test_it_counts_what_holds_a_stem(texts: Texts, without: Rows) -> None:
    index = build(texts)
    assert {stem: index.frequency(stem) for stem in STEMS} == counts(texts)
    alive = ~np.isin(index.documents, without)
    left = [(row, text) for row, text in texts if row not in without]
    assert {stem: index.frequency(stem, alive=alive) for stem in STEMS} == counts(left)


def counts(texts: Texts) -> dict[str, int]:
    return {stem: sum(stem in text.split() for _, text in texts) for stem in STEMS}


@given(TEXTS)
def test_documents_are_the_rows_sorted(texts: Texts) -> None:
    assert build(texts).documents.tolist() == sorted(row for row, _ in texts)


@given(TEXTS, CHOSEN)
def test_digests_tell_words_and_their_number(texts: Texts, others: Rows) -> None:
    index = build(texts, mean_length=5.0)
    told = dict(zip(index.documents.tolist(), index.digests(index.documents).tolist(), strict=True))
    held = {row: sorted(text.split()) for row, text in texts}
    for one in held:
        assert [told[one] == told[other] for other in held] == [held[one] == held[other] for other in held]
    some = build([(row, text) for row, text in texts if row in others], mean_length=5.0)
    assert some.digests(some.documents).tolist() == [told[row] for row in some.documents.tolist()]


def test_of_equal_texts_the_first_rows_are_found() -> None:
    index = build([(row, "man dog") for row in (7, 3, 9, 1)] + [(5, "man man dog dog")])
    found = index.match({"man": 1.0}, limit=3, allowed=None)
    assert [row for row, _ in found] == [5, 1, 3]
    assert found[1][1] == found[2][1]


@pytest.mark.parametrize("texts", [[], [(4, "")], [(4, "man")]])
def test_what_nobody_has_is_not_found(texts: Texts) -> None:
    index = build(texts)
    assert index.match({"dog": 1.0}, limit=5, allowed=None) == []
    assert index.match({"dog": 1.0}, limit=5, allowed=as_rows([4])) == []
    assert index.match({}, limit=5, allowed=None) == []
    assert index.frequency("dog") == 0


def test_a_row_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        build([(1, "man"), (2, "dog"), (1, "dog")])


# -- as many documents as make it choose between its ways -----------------------------------------------------------

MANY = 40_000


@pytest.fixture(scope="module")
def many() -> Texts:
    """Rows with gaps; `common` is in all but every tenth text, many of which are alike."""
    dice = np.random.default_rng(5)
    rare = dice.integers(0, 2_000, MANY)
    lengths = dice.integers(0, 4, MANY)
    return [
        (100 + 3 * number, f"{'common' if number % 10 else 'other'} word{rare[number]}" + " again" * lengths[number])
        for number in range(MANY)
    ]


@pytest.fixture(scope="module")
def index(many: Texts) -> WordIndex:
    return build(many)


@pytest.mark.parametrize("weights", [{"common": 1.0}, {"common": 0.1, "again": 2.0, "word7": 5.0}, {"word7": 3.0}])
@pytest.mark.parametrize("share", [None, 0.0005, 0.02, 0.5, 1.0])
@pytest.mark.parametrize("left_out", [0, 0.001, 0.2])
def test_many_are_ranked_as_few(
    index: WordIndex, many: Texts, weights: Mapping[str, float], share: float | None, left_out: float
) -> None:
    dice = np.random.default_rng(9)
    span = 3 * MANY + 300
    allowed = None if share is None else np.flatnonzero(dice.random(span) < share).astype(np.int64)
    without = np.flatnonzero(dice.random(span) < left_out).astype(np.int64)
    check_match(index, many, weights, limit=200, allowed=allowed, without=without)


def test_rows_that_lie_far_apart_are_filtered_as_others(many: Texts, index: WordIndex) -> None:
    apart = build([(1_000 * row, text) for row, text in many])
    allowed = index.documents[::3]
    near = index.match({"common": 1.0}, limit=50, allowed=allowed)
    assert apart.match({"common": 1.0}, limit=50, allowed=1_000 * allowed) == [(1_000 * row, one) for row, one in near]


def test_ties_among_many_go_to_the_first_rows(index: WordIndex, many: Texts) -> None:
    found = index.match({"common": 1.0}, limit=300, allowed=None)
    shortest = [row for row, text in many if text.startswith("common") and "again" not in text]
    assert [row for row, _ in found] == shortest[:300]


@pytest.mark.parametrize("others", [0, 5_000])
@pytest.mark.parametrize("let_in", [None, 10, MANY])
def test_the_best_can_be_left_out(index: WordIndex, others: int, let_in: int | None) -> None:
    weights = {"common": 0.1, "word7": 5.0}
    best = [row for row, _ in index.match(weights, limit=10, allowed=None)]
    allowed = {None: None, 10: as_rows(sorted(best)), MANY: index.documents}[let_in]
    without = as_rows(sorted([*best[:3], *(set(index.documents[-others:].tolist()) - set(best) if others else [])]))
    found = index.match(weights, limit=7, allowed=allowed, alive=alive_but(index, without))
    assert [row for row, _ in found] == best[3:]
