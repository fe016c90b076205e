"""From cuts to segments: spans of 2 to 20 seconds that tile the video. Pure.

Very short shots join a neighbour that looks alike; very long ones are split where the picture changes most.
"""

import heapq
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Cut
from indexer.segmentation.measure import FrameTable, place_of
from indexer.timecode import TimeRange

SHORTEST_US = 2_000_000
LONGEST_US = 20_000_000
_CHANGE_FRAMES = 8  # the change at a frame is between the mean of so many frames before it and of as many from it on


def group(cuts: Sequence[Cut], *, end_us: int, table: FrameTable) -> list[TimeRange]:
    """Segments that tile [0, end_us); every inner bound is the time of a frame in `table`.

    A segment is shorter than 2 s only where joining it to either neighbour would pass 20 s, and longer than 20 s only
    where no frame begins at which it could be split. No frames, no segments.
    """
    if not len(table):
        return []
    starts = sorted({0, *(_frame_nearest(table, cut.middle_us) for cut in cuts)})
    starts = [start for start in starts if 0 <= start < end_us]
    joined = [*_join_short(starts, end_us, table), end_us]
    bounds = [bound for start, end in pairwise(joined) for bound in (start, *_splits(start, end, table))]
    return [TimeRange(start, end) for start, end in pairwise([*bounds, end_us])]


def _frame_nearest(table: FrameTable, t_us: int) -> int:
    place = place_of(table, t_us)
    near = table["t_us"][max(0, place - 1) : place + 1]
    return int(near[np.argmin(np.abs(near - t_us))])


def _join_short(starts: list[int], end_us: int, table: FrameTable) -> list[int]:
    """The starts that remain when shots under 2 s, shortest first, have joined a neighbour."""
    bounds = np.array([*starts, end_us])
    firsts = np.minimum(np.searchsorted(table["t_us"], bounds[:-1]), len(table) - 1)
    histograms = np.add.reduceat(table["histogram"], firsts, axis=0, dtype=np.int64)
    left, right = list(range(-1, len(starts) - 1)), list(range(1, len(starts) + 1))
    alive = [True] * len(starts)
    waiting = [(int(bounds[shot + 1] - bounds[shot]), shot) for shot in range(len(starts))]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] < SHORTEST_US:
        length, shot = heapq.heappop(waiting)
        if not alive[shot] or length != bounds[right[shot]] - bounds[shot]:
            continue
        sides = [(left[shot], shot)] * (left[shot] >= 0) + [(shot, right[shot])] * (right[shot] < len(starts))
        sides = [(a, b) for a, b in sides if bounds[right[b]] - bounds[a] <= LONGEST_US]
        if not sides:
            continue
        first, second = min(sides, key=lambda side: _distance(histograms[side[0]], histograms[side[1]]))
        histograms[first] += histograms[second]
        alive[second] = False
        right[first] = right[second]
        if right[second] < len(starts):
            left[right[second]] = first
        heapq.heappush(waiting, (int(bounds[right[first]] - bounds[first]), first))
    return [start for start, is_alive in zip(starts, alive, strict=True) if is_alive]


def _distance(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Between two histograms of any number of frames, 0..2."""
    return float(np.abs(first / max(int(first.sum()), 1) - second / max(int(second.sum()), 1)).sum())


def _splits(start_us: int, end_us: int, table: FrameTable) -> list[int]:
    """Where to split a long span: into the fewest parts of at most 20 s, or one more where frames are too sparse."""
    fewest = -(-(end_us - start_us) // LONGEST_US)
    for parts in (fewest, fewest + 1):
        splits = _splits_into(parts, start_us, end_us, table)
        if splits is not None:
            return splits
    ideal = (start_us + (end_us - start_us) * part // fewest for part in range(1, fewest))
    return sorted({near for t_us in ideal if start_us < (near := _frame_nearest(table, t_us)) < end_us})


def _splits_into(parts: int, start_us: int, end_us: int, table: FrameTable) -> list[int] | None:
    """Equal parts, bounds moved by up to a quarter of a part to the strongest change; None where no frame serves."""
    length = end_us - start_us
    quarter = length // parts // 4
    splits: list[int] = []
    for part in range(1, parts):
        ideal = start_us + length * part // parts
        earliest = max(ideal - quarter, end_us - (parts - part) * LONGEST_US)
        latest = min(ideal + quarter, (splits[-1] if splits else start_us) + LONGEST_US)
        split = _strongest_change(earliest, latest, ideal, table)
        if split is None:
            return None
        splits.append(split)
    return splits


def _strongest_change(earliest_us: int, latest_us: int, ideal_us: int, table: FrameTable) -> int | None:
    """The frame in [earliest, latest] around which the pictures differ most; of equals, the nearest to the ideal."""
    low, high = place_of(table, earliest_us), place_of(table, latest_us + 1)
    if low >= high:
        return None
    times = table["t_us"][low:high]
    best = np.lexsort((np.abs(times - ideal_us), -_changes(table["histogram"], low, high)))[0]
    return int(times[best])


def _changes(histograms: NDArray[np.uint8], low: int, high: int) -> NDArray[np.float64]:
    """At each frame of low..high-1, how much the mean histogram changes there."""
    first = max(low - _CHANGE_FRAMES, 0)
    near = histograms[first : high + _CHANGE_FRAMES].astype(np.int64)
    sums = np.concatenate([np.zeros((1, near.shape[1]), np.int64), np.cumsum(near, axis=0)])
    places = np.arange(low, high) - first
    before, after = np.maximum(places - _CHANGE_FRAMES, 0), np.minimum(places + _CHANGE_FRAMES, len(near))
    earlier = (sums[places] - sums[before]) / np.maximum(places - before, 1)[:, None]
    later = (sums[after] - sums[places]) / (after - places)[:, None]
    changes: NDArray[np.float64] = np.abs(later - earlier).sum(axis=1)
    return changes
