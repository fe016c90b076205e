"""Whether a stream's frame rate is constant, and which: judged by its time stamps, for headers are claims.

Containers round: Matroska to milliseconds, so 60000/1001 is written 19001/317, and its frames come 16, 17, 17 ms apart.
"""

from array import array
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in (
        *("24000/1001", 24, 25, "30000/1001", 30, 48, 50, "60000/1001", 60, 100, "120000/1001", 120, 240),
        *(5, 6, 8, 10, 12, "25/2", 15, "15000/1001", 20),
    )
)
_SNAP = Fraction(1, 1000)  # as near as a header comes to the standard rate it rounds
_JITTER = 0.01  # of a frame: how far constant-rate frames may lie off their grid, or one tick if longer
_FULL = 0.9  # of the grid's places that must hold a frame
_DRIFT = Fraction(1, 100)  # between the rate of the frames looked at and the whole stream's average
_EXACT = 1e-3  # of a tick: how exactly double precision knows a place in a day of 100 ns ticks
_BLOCK = 4096


class RateWatch:
    """Finds the constant rate of frames as they come, in bounded memory.

    For each rate it could be, it keeps how far frames have lain off that rate's grid, and how full the grid is.
    `claimed` is what the header says, likeliest first; standard rates are tried after them. `tick` is the unit of
    times, in seconds, and `rounded_to` how coarsely whoever wrote them rounded.
    """

    def __init__(self, tick: Fraction, claimed: Iterable[Fraction | None], *, rounded_to: Fraction) -> None:
        claims = [rate for rate in claimed if rate]
        self._claims = claims
        tidy = [snapped(rate) for rate in claims]
        self._rates = list(dict.fromkeys([*tidy, *claims, *STANDARD_RATES]))
        self._periods = np.array([float(1 / (rate * tick)) for rate in self._rates])  # ticks a frame
        self._allowed = np.maximum(float(rounded_to / tick), self._periods * _JITTER) + _EXACT
        self._low = np.zeros(len(self._rates))
        self._high = np.zeros(len(self._rates))
        self._last_place = np.zeros(len(self._rates))
        self._first: int | None = None
        self._count = 0
        self._waiting = array("q")

    def add(self, time: int) -> None:
        """A frame's presentation time, in ticks, later than the one before."""
        if self._first is None:
            self._first = time
        self._waiting.append(time - self._first)
        if len(self._waiting) == _BLOCK:
            self._settle()

    def rate(self, *, lost: int = 0) -> Fraction | None:
        """The exact constant rate of the frames so far, or None where it varies; of fewer than two, the first claim.
        `lost` frames are known to be missing, or came without a time."""
        self._settle()
        if self._count < 2:
            return snapped(self._claims[0]) if self._claims else None
        full = self._count + lost >= _FULL * (self._last_place + 1)
        fits = full & (self._high - self._low <= self._allowed)
        return next((rate for rate, fit in zip(self._rates, fits, strict=True) if fit), None)

    def _settle(self) -> None:
        if not self._waiting:
            return
        ticks: NDArray[np.float64] = np.array(self._waiting, dtype=np.float64)
        places = np.rint(ticks[:, None] / self._periods)
        off = ticks[:, None] - places * self._periods
        np.minimum(self._low, off.min(axis=0), out=self._low)
        np.maximum(self._high, off.max(axis=0), out=self._high)
        self._last_place = places[-1]
        self._count += len(ticks)
        self._waiting = array("q")


def constant_rate(
    stamps: Sequence[int],
    time_base: Fraction,
    *,
    claimed: Sequence[Fraction | None],
    average: Fraction | None,
    unstamped: int = 0,
) -> Fraction | None:
    """The exact constant rate of frames with these time stamps, or None where the rate varies.

    `stamps` are the first frames' presentation times in ticks of `time_base`, in any order; `claimed` what the header
    says, likeliest first; `average` the rate over the whole stream, where known; `unstamped` how many frames among them
    have no time (program streams stamp one in several). With fewer than two stamps the first claim stands.
    """
    watch = RateWatch(time_base, claimed, rounded_to=time_base)
    for stamp in sorted(set(stamps)):
        watch.add(stamp)
    rate = watch.rate(lost=unstamped)
    varies_later = rate is not None and average is not None and abs(average / rate - 1) > _DRIFT
    return None if varies_later and len(stamps) > 1 else rate


def snapped(rate: Fraction) -> Fraction:
    """The standard rate that this one rounds, or the rate itself."""
    nearest = min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
    return nearest if abs(nearest / rate - 1) < _SNAP / 2 else rate
