"""Whether a stream's frame rate is constant, and which: judged by its time stamps, for headers are claims.

Containers round: Matroska to milliseconds, so 60000/1001 is written 19001/317, and its frames come 16, 17, 17 ms apart.
"""

from collections.abc import Sequence
from fractions import Fraction

STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in (
        *("24000/1001", 24, 25, "30000/1001", 30, 48, 50, "60000/1001", 60, 100, "120000/1001", 120, 240),
        *(5, 6, 8, 10, 12, "25/2", 15, "15000/1001", 20),
    )
)
_SNAP = Fraction(1, 1000)  # as near as a header comes to the standard rate it rounds
_JITTER = Fraction(1, 100)  # of a frame: how far constant-rate frames may lie off their grid, or one tick if longer
_FULL = Fraction(9, 10)  # of the grid's places that must hold a frame
_DRIFT = Fraction(1, 100)  # between the rate of the frames looked at and the whole stream's average


def constant_rate(
    stamps: Sequence[int], time_base: Fraction, *, claimed: Sequence[Fraction | None], average: Fraction | None
) -> Fraction | None:
    """The exact constant rate of frames with these time stamps, or None where the rate varies.

    `stamps` are the first frames' presentation times in ticks of `time_base`, in any order; `claimed` what the header
    says, likeliest first; `average` the rate over the whole stream, where known. With fewer than two stamps the first
    claim stands.
    """
    claims = [rate for rate in claimed if rate]
    ordered = sorted(set(stamps))
    if len(ordered) < 2:
        return snapped(claims[0]) if claims else None
    measured = (len(ordered) - 1) / ((ordered[-1] - ordered[0]) * time_base)
    for rate in _candidates(claims, measured):
        if lies_on_grid(ordered, time_base, rate):
            varies_later = average is not None and abs(average / rate - 1) > _DRIFT
            return None if varies_later else rate
    return None


def snapped(rate: Fraction) -> Fraction:
    """The standard rate that this one rounds, or the rate itself."""
    nearest = min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
    return nearest if abs(nearest / rate - 1) < _SNAP / 2 else rate


def lies_on_grid(ordered: Sequence[int], time_base: Fraction, rate: Fraction) -> bool:
    """Whether ascending time stamps are those of frames at a constant rate, few of them missing."""
    period = 1 / (rate * time_base)  # ticks a frame
    allowed = max(Fraction(1), period * _JITTER)
    low = high = Fraction(0)
    place = 0
    for stamp in ordered:
        ticks = stamp - ordered[0]
        place = round(ticks / period)
        low, high = min(low, ticks - place * period), max(high, ticks - place * period)
    return high - low <= allowed and len(ordered) >= _FULL * (place + 1)


def _candidates(claims: Sequence[Fraction], measured: Fraction) -> list[Fraction]:
    tidy = [snapped(rate) for rate in claims]
    near = sorted(STANDARD_RATES, key=lambda standard: abs(standard / measured - 1))[:2]
    return list(dict.fromkeys([*tidy, *claims, *near]))
