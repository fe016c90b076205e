"""How far spans of time agree: which new segment an old one has become."""

from collections.abc import Sequence
from fractions import Fraction

from indexer.timecode import TimeRange

SAME = Fraction(1, 2)
"""From this intersection over union on, two spans are about the same thing."""


def intersection_over_union(one: TimeRange, other: TimeRange) -> Fraction:
    """Time in both by time in either, exactly: 0 where they only touch, 1 where they are equal."""
    shared = min(one.end_us, other.end_us) - max(one.start_us, other.start_us)
    if shared <= 0:
        return Fraction(0)
    return Fraction(shared, one.duration_us + other.duration_us - shared)


def counterpart(span: TimeRange, among: Sequence[TimeRange]) -> int | None:
    """The place in `among` of the span that agrees best with `span`, the first of equals; None where none is `SAME`."""
    agreement = [intersection_over_union(span, other) for other in among]
    best = max(range(len(among)), key=lambda place: (agreement[place], -place), default=None)
    return best if best is not None and agreement[best] >= SAME else None
