"""From cuts to segments: spans of 2 to 20 seconds that tile the video and its scenes. Pure.

Bounds are chosen together, scene by scene, so that the pictures change as much at them as the lengths allow: a shot
that is too short then joins the neighbour that looks more like it, and a long take falls apart where something
happens (see `splitting`).
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from indexer.domain import Cut
from indexer.segmentation.looks import differences, looks_within
from indexer.segmentation.measure import FrameTable, place_of
from indexer.segmentation.splitting import find_splits
from indexer.timecode import TimeRange

SHORTEST_US = 2_000_000
LONGEST_US = 20_000_000
_WHOLE_US = LONGEST_US - 2 * SHORTEST_US  # a shot up to here can take in short ones on both sides
_PARTING = 0.75  # what it costs to part a short shot from the neighbour that looks more like it
_RELUCTANCE = 4.0  # what a split of a shot that could be a segment costs: more than any bound is worth
_FORBIDDEN = 1e6
_UNEVENNESS = 0.5  # what a segment of 20 s costs, one of 10 s a quarter of it: of equal splits, the even ones


def find_shots(cuts: Sequence[Cut], *, table: FrameTable) -> list[int]:
    """The rows where shots begin, from 0: those of the frames nearest to the middles of the cuts."""
    return sorted({0, *(_row_nearest(table, cut.middle_us) for cut in cuts)}) if len(table) else []


def group(shots: Sequence[int], *, scenes: Sequence[int], end_us: int, table: FrameTable) -> list[TimeRange]:
    """Segments that tile [0, end_us), given the rows where shots begin, and those of them where scenes do.

    Every bound is the time of a frame, and every scene's start is a bound. A segment is shorter than 2 s only where its
    scene is or where frames are too sparse, and longer than 20 s only where they are. No frames, no segments.
    """
    starts: list[int] = []
    for first, end in pairwise([*scenes, len(table)]):
        own = shots[bisect_left(shots, first) : bisect_left(shots, end)]
        candidates = sorted(_candidates([*own, end], end_us, table))
        inner = [int(table["t_us"][row]) for row, _ in candidates]
        times = [_start_of(first, end_us, table), *inner, _start_of(end, end_us, table)]
        starts += choose_bounds(times, [worth for _, worth in candidates])[:-1]
    return [TimeRange(start, end) for start, end in pairwise([*starts, end_us])] if starts else []


def choose_bounds(times: Sequence[int], worths: Sequence[float]) -> list[int]:
    """Of increasing `times` (us), the first, the last and those between that are worth most together, with as few spans
    of less than 2 s as can be, and none of more than 20 s but between two times without another between them.
    `worths` are those of the times between.

    Dynamic programming: the best choice that ends with a time goes on from the best that ends 2 to 20 s before it.
    """
    at, worth = np.array(times), [*worths, 0.0]
    best, came_from = np.zeros(len(at)), np.zeros(len(at), np.int64)
    for now in range(1, len(at)):
        low = min(int(np.searchsorted(at, at[now] - LONGEST_US)), now - 1)
        lengths = at[now] - at[low:now]
        costs = _UNEVENNESS * (lengths / LONGEST_US) ** 2
        costs += _FORBIDDEN * ((lengths < SHORTEST_US) | (lengths > LONGEST_US))
        totals = best[low:now] - costs
        choice = int(np.argmax(totals))
        best[now], came_from[now] = totals[choice] + worth[now - 1], low + choice
    chosen = [len(at) - 1]
    while chosen[-1]:
        chosen.append(int(came_from[chosen[-1]]))
    return [int(at[place]) for place in reversed(chosen)]


def _candidates(shots: Sequence[int], end_us: int, table: FrameTable) -> Iterator[tuple[int, float]]:
    """Rows where a segment of one scene may begin, and what that is worth: more between shots than within any.

    `shots` are the scene's own, and the row after it.
    """
    starts = [_start_of(shot, end_us, table) for shot in shots]
    yield from zip(shots[1:-1], _cut_worths(shots, starts, table), strict=True)
    for place, (start, end) in enumerate(pairwise(shots)):
        duration_us = starts[place + 1] - starts[place]
        if duration_us > _WHOLE_US:
            reluctance = 0.0 if duration_us > LONGEST_US else _RELUCTANCE
            yield from ((row, worth - reluctance) for row, worth in find_splits(start, end, table=table))


def _cut_worths(shots: Sequence[int], starts: Sequence[int], table: FrameTable) -> list[float]:
    """Of each shot's start but the first: 1 to 2 for the change, less where the shot or the one before is short and
    looks more like the other."""
    looks = [looks_within(table, start, end) for start, end in pairwise(shots)]
    changes = [float(differences(one, other).min()) for one, other in pairwise(looks)]
    worths = [1 + min(change, 1.0) for change in changes]
    for place, (start, end) in enumerate(pairwise(starts)):
        sides = [side for side in (place - 1, place) if 0 <= side < len(changes)]
        if end - start < SHORTEST_US and sides:
            worths[min(sides, key=lambda side: changes[side])] -= _PARTING
    return worths


def _row_nearest(table: FrameTable, t_us: int) -> int:
    place = place_of(table, t_us)
    low = max(0, place - 1)
    return low + int(np.argmin(np.abs(table["t_us"][low : place + 1] - t_us)))


def _start_of(row: int, end_us: int, table: FrameTable) -> int:
    if row == 0:
        return 0
    return int(table["t_us"][row]) if row < len(table) else end_us
