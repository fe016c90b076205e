"""Lines of speech gathered into spans worth showing: where nothing but speech is known of a video, these are its
segments."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

SHORTEST_US = 10_000_000  # a group goes on until it is as long,
LONGEST_US = 30_000_000  # ends before it is longer than this unless one line alone is,
PAUSE_US = 10_000_000  # and ends where so long nothing is said

Span = tuple[int, int | None]


def group_lines(lines: Iterable[Span], described: Sequence[Span]) -> list[Span]:
    """Spans that cover the `lines` (in order of their start) which share no time with anything `described`, each cut
    where lines begin and end. A line without an end stands for itself."""
    groups: list[Span] = []
    begun: tuple[int, int] | None = None
    for start, end in uncovered(lines, described):
        if begun is not None and (end is None or not _goes_on(begun, start, end)):
            groups.append(begun)
            begun = None
        if end is None:
            groups.append((start, None))
        else:
            begun = (start, end) if begun is None else (begun[0], max(begun[1], end))
    if begun is not None:
        groups.append(begun)
    return list(dict.fromkeys(groups))


def uncovered(lines: Iterable[Span], described: Sequence[Span]) -> Iterable[Span]:
    """The lines (in order of their start) that share no time with any of `described`."""
    waiting = sorted(described, key=lambda span: span[0])
    starts = [start for start, _ in waiting]
    reached = [0, *accumulate(map(_end, waiting), max)]  # how far the first so many go
    for start, end in lines:
        begun = len(starts) if end is None else bisect_left(starts, end)
        if reached[begun] <= start:
            yield start, end


def _goes_on(begun: tuple[int, int], start: int, end: int) -> bool:
    return begun[1] - begun[0] < SHORTEST_US and start - begun[1] < PAUSE_US and end - begun[0] <= LONGEST_US


def _end(span: Span) -> int:
    return span[1] if span[1] is not None else 1 << 62
