"""Which spans share time: the same as comparing each with each, and without doing so."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.store.shared_time import FOREVER_US, sharing_time

times = st.integers(0, 12)
ends = st.one_of(times, st.just(FOREVER_US))
spans = st.lists(st.tuples(st.integers(1, 3), times, ends).filter(lambda one: one[1] <= one[2]), max_size=12)


def numbered(found: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    return np.array([(row + 100, *one) for row, one in enumerate(found)], np.int64).reshape(-1, 4)


@given(spans, spans)
def test_they_are_those_that_comparing_all_finds(
    some: list[tuple[int, int, int]], others: list[tuple[int, int, int]]
) -> None:
    expected = [
        (row + 100, other + 100)
        for row, (video, start, end) in enumerate(some)
        for other, (other_video, other_start, other_end) in enumerate(others)
        if video == other_video and start < other_end and other_start < end
    ]
    assert sorted(map(tuple, sharing_time(numbered(some), numbered(others)).tolist())) == sorted(expected)


def test_of_a_long_video_only_what_meets_is_looked_at() -> None:
    """Each with each would be 40,000,000,000 pairs, which no memory holds."""
    starts = np.arange(200_000)
    lines = np.column_stack([starts, np.ones_like(starts), starts * 10, starts * 10 + 9])
    pairs = sharing_time(lines, lines)
    np.testing.assert_array_equal(np.sort(pairs, axis=0), np.column_stack([starts, starts]))
