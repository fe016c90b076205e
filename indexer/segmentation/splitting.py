"""Where a long take may be split: where the picture becomes another, and where activity begins or ends. Pure."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from indexer.segmentation.measure import FrameTable, place_of

Floats = NDArray[np.float64]

_EVERY_US = 500_000  # of so long a stretch, the best frame
_PICTURE_US = 1_000_000  # what is seen before a frame is compared with what is seen after it over so long
_ACTIVITY_US = 2_000_000  # and so is how much moves
_REST = 5, 20  # percentiles of a take's activity: its rest (noise, leaves, rain), up to the latter, and how that varies
_NOISE = 1.0  # levels a second that no one sees
_STEP = 24.0  # levels of the mean colours' change that half make another picture
_COST = 0.7  # of a split: a frame where less than this happens is split at only where length demands it
_ASIDE = 0.3  # further cost beside a better one: a bound is where something happens, not nearly there
_BESIDE = 2  # stretches away
_CHUNK = 8192  # rows at a time: a take may last a day


def find_splits(start: int, end: int, *, table: FrameTable) -> list[tuple[int, float]]:
    """About two rows a second of the take of rows `start` to `end`, each with what a split there is worth, -2 to 2:
    how much the picture and the activity change, less how much goes on on both sides, for an event is one thing."""
    times = table["t_us"][start:end]
    worths = _activity_worths(times, table["motion"][start:end])
    for low in range(0, len(times), _CHUNK):
        high = min(low + _CHUNK, len(times))
        worths[low:high] += _picture_worths(table[start:end], low, high)
    order = np.lexsort((-worths, times // _EVERY_US))
    rows = order[np.flatnonzero(np.diff(times[order] // _EVERY_US, prepend=-1))]
    nearby = sliding_window_view(np.pad(worths[rows], _BESIDE, constant_values=-np.inf), 2 * _BESIDE + 1)
    costs = np.where(worths[rows] >= nearby.max(axis=1), _COST, _COST + _ASIDE)
    return [(start + int(row), float(worths[row] - cost)) for row, cost in zip(rows, costs, strict=True) if row]


def _activity_worths(times: NDArray[np.int64], motion: NDArray[np.float16]) -> Floats:
    moved = motion.astype(np.float64)
    moved[0] = 0  # that was the cut
    sums = np.concatenate([[0.0], np.cumsum(moved)])
    rows = np.arange(len(times))
    before = np.searchsorted(times, times - _ACTIVITY_US)
    after = np.searchsorted(times, times + _ACTIVITY_US)
    seconds = _ACTIVITY_US / 1e6
    earlier, later = (sums[rows] - sums[before]) / seconds, (sums[after] - sums[rows]) / seconds
    least, rest = np.percentile(later[: max(1, int(after.searchsorted(len(times))))], _REST)
    noise = _NOISE + 3 * (rest - least) + rest / 4
    earlier, later = np.maximum(earlier - rest, 0) + noise, np.maximum(later - rest, 0) + noise
    return _share(np.log2(later / earlier)) - _share(np.log2(np.minimum(earlier, later) / noise))


def _picture_worths(rows: FrameTable, low: int, high: int) -> Floats:
    """Of rows low..high-1: by how much the mean colours differ from before to after, 0..1."""
    times = rows["t_us"]
    first, last = place_of(rows, int(times[low]) - _PICTURE_US), place_of(rows, int(times[high - 1]) + _PICTURE_US)
    colours = rows["colours"][first:last].reshape(-1, 36).astype(np.float32)
    sums = np.concatenate([np.zeros((1, 36)), np.cumsum(colours, axis=0, dtype=np.float64)])
    here, near = np.arange(low, high) - first, times[first:last]
    before = np.minimum(np.searchsorted(near, times[low:high] - _PICTURE_US), np.maximum(here - 1, 0))
    after = np.maximum(np.searchsorted(near, times[low:high] + _PICTURE_US), here + 1)
    earlier = (sums[here] - sums[before]) / np.maximum(here - before, 1)[:, None]
    later = (sums[after] - sums[here]) / (after - here)[:, None]
    return _share(np.abs(later - earlier).mean(axis=1) / _STEP)


def _share(values: Floats) -> Floats:
    """Any size to 0..1, a half for 1 or -1; nowhere level, that the best frame stays the best."""
    shares: Floats = values**2 / (1 + values**2)
    return shares
