"""Which of many spans share some time with which of many others, over all videos at once."""

import numpy as np
from numpy.typing import NDArray

FOREVER_US = 2**40 - 1  # 12 days: the end of what has no known one


def sharing_time(some: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """(pairs, 2): row of one of `some` and of one of `others` that lie in one video and share some time, in no order.

    Both are (n, 4): row, video, start and end in microseconds. Of two spans that share time one begins within the
    other, so that each pair is looked up by the one beginning: the time is that of sorting, and of what is found.
    """
    some, others = some[np.lexsort(some[:, 2:0:-1].T)], others[np.lexsort(others[:, 2:0:-1].T)]
    starts, ends = (on_one_line(some[:, 1], some[:, column]) for column in (2, 3))
    other_starts, other_ends = (on_one_line(others[:, 1], others[:, column]) for column in (2, 3))
    later, first = _each_place(
        np.searchsorted(starts, other_starts, "left"), np.searchsorted(starts, other_ends, "left")
    )
    one, other = _each_place(
        np.searchsorted(other_starts, starts, "right"), np.searchsorted(other_starts, ends, "left")
    )
    places, other_places = np.concatenate([first, one]), np.concatenate([later, other])
    shared = (starts[places] < other_ends[other_places]) & (other_starts[other_places] < ends[places])
    return np.column_stack([some[places[shared], 0], others[other_places[shared], 0]])


def on_one_line(videos: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Times of many videos as numbers that sort by video, then by time."""
    return videos * (FOREVER_US + 1) + np.minimum(times, FOREVER_US)


def _each_place(begins: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranges written out: (the number of the range, a place in it)."""
    counts = np.maximum(ends - begins, 0)
    numbers = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return numbers, np.arange(int(counts.sum())) - np.repeat(before - begins, counts)
