"""From scores to cuts: where the network sees a boundary, the edit it belongs to, from its first frame to its end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.domain import Cut, EditKind
from indexer.segmentation.network import KINDS, Floats
from indexer.segmentation.scoring import Moment, Scored
from indexer.segmentation.windows import Window, windows

_JOINED = 2  # moments between two runs over the threshold, at most, that are one boundary
_LONGEST_WAY = 48  # moments that an edit may reach beyond its boundary, either way: two seconds at least
_INSIDE = 0.5
_HARD = 5  # moments: what a hard cut, with the doubt about its place, covers at most
_LONGEST_NOTHING_US = 5_000_000
_CONTEXT = 2 * _LONGEST_WAY
_TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How likely a boundary must be. Movement looks more like a `gradual` edit than like a `hard` one."""

    hard: float = 0.5
    gradual: float = 0.7

    def __str__(self) -> str:
        return f"{self.hard:g},{self.gradual:g}"


@dataclass(frozen=True, slots=True)
class _Point:
    moment: Moment
    boundary: float
    inside: float
    kinds: Floats


@dataclass(frozen=True, slots=True)
class _Run:
    """Moments that are one boundary, both ends included."""

    first: int
    last: int


def edits(scored: Iterable[Scored], thresholds: Thresholds) -> Iterator[Cut]:
    """The cuts in order of time, none within another. A fade lies between two pictures: what a video comes from at its
    start, or goes to at its end, is none."""
    waiting: list[Cut] = []  # fades, for a picture after them, and what is found meanwhile
    pictures = _Pictures()
    for window in windows(_points(scored), block=_TOGETHER, context=_CONTEXT):
        pictures.pass_by(window.items)
        waiting += [cut for cut in _cuts(window, thresholds) if cut.kind != "fade" or pictures.before(cut)]
        while waiting and (waiting[0].kind != "fade" or pictures.after(waiting[0])):
            yield waiting.pop(0)
    yield from (cut for cut in waiting if cut.kind != "fade")


class _Pictures:
    """When the footage first and last showed anything."""

    def __init__(self) -> None:
        self._first_us: int | None = None
        self._last_us = -1
        self._seen_us = 0

    def pass_by(self, points: Sequence[_Point]) -> None:
        self._seen_us = points[-1].moment.frame.t_us
        shown = [point.moment.frame.t_us for point in points if not point.moment.empty]
        if shown:
            self._first_us = shown[0] if self._first_us is None else self._first_us
            self._last_us = shown[-1]

    def before(self, cut: Cut) -> bool:
        return self._first_us is not None and self._first_us < cut.start_us

    def after(self, cut: Cut) -> bool:
        """Or so long a time of nothing that this is a shot of its own."""
        return self._last_us >= cut.end_us or self._seen_us - cut.end_us > _LONGEST_NOTHING_US


def _cuts(window: Window[_Point], thresholds: Thresholds) -> Iterator[Cut]:
    points = window.items
    runs = _runs(points, min(thresholds.hard, thresholds.gradual))
    for place, run in enumerate(runs):
        if window.block.start <= run.first < window.block.stop:
            earliest = _halfway(runs[place - 1].last, run.first) + 1 if place else 0
            latest = _halfway(run.last, runs[place + 1].first) if place + 1 < len(runs) else len(points) - 1
            cut = _edit(points, run, _extent(points, run, earliest, latest), earliest)
            least = thresholds.hard if cut.kind == "cut" else thresholds.gradual
            if cut.start_us > 0 and cut.strength > least:
                yield cut


def _points(scored: Iterable[Scored]) -> Iterator[_Point]:
    for some in scored:
        scores = some.scores
        for moment, boundary, inside, kinds in zip(
            some.moments, scores.boundary.tolist(), scores.inside.tolist(), scores.kinds, strict=True
        ):
            yield _Point(moment, boundary, inside, kinds)


def _runs(points: Sequence[_Point], threshold: float) -> list[_Run]:
    runs: list[_Run] = []
    for place, point in enumerate(points):
        if point.boundary <= threshold:
            continue
        if runs and place - runs[-1].last <= _JOINED:
            runs[-1] = _Run(runs[-1].first, place)
        else:
            runs.append(_Run(place, place))
    return runs


def _halfway(earlier: int, later: int) -> int:
    return (earlier + later) // 2


def _extent(points: Sequence[_Point], run: _Run, earliest: int, latest: int) -> _Run:
    """The run, and the moments on either side that are inside its edit."""
    first, last = run.first, run.last
    while first > max(earliest, run.first - _LONGEST_WAY) and points[first - 1].inside > _INSIDE:
        first -= 1
    while last < min(latest, run.last + _LONGEST_WAY) and points[last + 1].inside > _INSIDE:
        last += 1
    return _Run(first, last)


def _edit(points: Sequence[_Point], run: _Run, extent: _Run, earliest: int) -> Cut:
    within = points[run.first : run.last + 1]
    kinds = np.mean([point.kinds for point in within], axis=0)
    length = extent.last - extent.first + 1
    kind: EditKind = KINDS[int(np.argmax(kinds))]
    if kind == "cut" and length > _HARD:
        kind = KINDS[1 + int(np.argmax(kinds[1:]))]
    strength = max(point.boundary for point in within)
    if kind == "cut" or length == 1:
        t_us = _largest_step(points[max(earliest, run.first - 1) : run.last + 2])
        t_us = max(t_us, points[earliest].moment.frame.t_us)  # the edit before may reach up to there
        return Cut(t_us, t_us, "cut", strength)
    after = points[min(extent.last + 1, len(points) - 1)].moment
    return Cut(points[extent.first].moment.frame.t_us, after.frame.t_us, kind, strength)


def _largest_step(points: Sequence[_Point]) -> int:
    return max(points, key=lambda point: point.moment.step).moment.change_us
