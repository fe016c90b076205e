import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import LibraryError
from indexer.vector_index.places import RowPlaces
from indexer.vector_index.ranking import best_rows

ROWS = st.lists(st.integers(0, 50), unique=True)


@given(ROWS, st.lists(st.integers(-3, 60)))
def test_places_are_those_of_a_plain_list(rows: list[int], asked: list[int]) -> None:
    places = RowPlaces(np.array(rows, np.int64)).of(np.array(asked, np.int64))
    assert places.tolist() == sorted({rows.index(row) for row in asked if row in rows})


@given(ROWS, st.sets(st.integers(0, 50)))
def test_removing_closes_the_gaps(rows: list[int], removed: set[int]) -> None:
    places = RowPlaces(np.array(rows, np.int64))
    left = places.without(places.of(np.array(sorted(removed), np.int64)))
    assert left.rows.tolist() == [row for row in rows if row not in removed]


def test_a_row_twice_is_refused() -> None:
    with pytest.raises(LibraryError, match="twice"):
        RowPlaces(np.array([1, 2])).with_added(np.array([2]))


@given(st.integers(0, 12), st.integers(1, 15), st.integers(0, 9))
def test_best_rows_are_the_sorted_scores_padded(count: int, k: int, seed: int) -> None:
    scores = np.random.default_rng(seed).standard_normal((3, count)).astype(np.float32)
    rows = np.arange(count, dtype=np.int64) + 100
    found, best = best_rows(scores, rows, k)
    for line, expected in enumerate(np.argsort(-scores, axis=1)):
        assert found[line].tolist() == ([*(expected + 100)] + [-1] * k)[:k]
        assert best[line].tolist() == ([*scores[line][expected]] + [-np.inf] * k)[:k]
