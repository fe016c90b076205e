"""From shots to scenes: neighbouring shots that show one place. Pure.

Overlapping links (A. Hanjalic, R. L. Lagendijk, J. Biemond: Automated high-level movie segmentation for advanced
video-retrieval systems, IEEE Transactions on Circuits and Systems for Video Technology 9(4), 1999): a shot that looks
like one of the next few is of one scene with it, and so is all between them, as in a dialogue seen from two sides.
Here shots are compared by the frame table: near ones by their palettes, further ones part by part, so that only the
same view again links them. One without content (black, a title card) links to nothing but its like beside it: else the
cards of a trailer would join all that lies between them.
"""

from collections.abc import Sequence

from indexer.segmentation.looks import Looks, differences, looks_within, palette_differences
from indexer.segmentation.measure import FrameTable

SHORTEST_US = 2_000_000
_SHOTS_AHEAD = 8
_AHEAD_US = 30_000_000  # from the end of a shot to the start of one that it may link to
_ONE_PLACE = {1: 0.42, 2: 0.3}  # so many shots ahead, so much difference of palettes is still one place
_ONE_SIDE = 0.3  # of `differences`, however many shots ahead: the camera is back where it was


def find_scenes(shots: Sequence[int], *, end_us: int, table: FrameTable) -> list[int]:
    """Which of the shots begin a scene. `shots` are the first rows of each, from 0, and so is what is returned.

    No scene is shorter than 2 s where the video is not: it is joined to the neighbour that looks more like it.
    """
    if not len(shots):
        return []
    looks = [looks_within(table, start, end) for start, end in zip(shots, [*shots[1:], len(table)], strict=True)]
    starts = [int(table["t_us"][place]) for place in shots]
    firsts = _join_short(_linked(looks, starts), looks, [*starts, end_us])
    return [shots[first] for first in firsts]


def _linked(looks: Sequence[Looks], starts: Sequence[int]) -> list[int]:
    """The shots over whose start no link passes."""
    firsts, reached = [0], 0
    for shot in range(len(looks)):
        if shot > reached:
            firsts.append(shot)
            reached = shot
        end_us = starts[min(shot + 1, len(starts) - 1)]
        for ahead in range(min(shot + _SHOTS_AHEAD, len(looks) - 1), reached, -1):
            if starts[ahead] - end_us <= _AHEAD_US and _alike(looks, shot, ahead):
                reached = ahead
                break
    return firsts


def _alike(looks: Sequence[Looks], shot: int, later: int) -> bool:
    first, second = looks[shot], looks[later]
    if first.empty or second.empty:
        return first.empty and second.empty and later == shot + 1
    if palette_differences(first, second).min() < _ONE_PLACE.get(later - shot, 0):
        return True
    return bool(differences(first, second).min() < _ONE_SIDE)


def _join_short(firsts: Sequence[int], looks: Sequence[Looks], starts: Sequence[int]) -> list[int]:
    """Scenes in order; one that is too short joins the one before it or, by going on, the one after."""
    kept: list[int] = []
    first = firsts[0]
    for end in [*firsts[1:], len(looks)]:
        last = end == len(looks)
        if starts[end] - starts[first] >= SHORTEST_US:
            kept.append(first)
            first = end
        elif kept and (last or _step(looks, first) <= _step(looks, end)):
            first = end
    return kept or [0]


def _step(looks: Sequence[Looks], shot: int) -> float:
    """How different a shot is from the one before it."""
    return float(palette_differences(looks[shot - 1], looks[shot]).min())
