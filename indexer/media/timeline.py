"""From a stream's time stamps to our time: whole microseconds from the first frame, always forward."""

from dataclasses import dataclass
from fractions import Fraction

from indexer.timecode import MICROSECONDS

_LONGEST_GAP_S = Fraction(10)


@dataclass(slots=True)
class DecodeNotes:
    """What went wrong while decoding, counted; filled by whoever decodes."""

    broken_packets: int = 0
    corrupt_frames: int = 0
    missing_times: int = 0
    jumps: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the report."""
        told = (
            (self.broken_packets, "{} could not be decoded (left out)", "packet"),
            (self.corrupt_frames, "{} decoded with errors", "frame"),
            (self.missing_times, "{} without a time stamp (times taken from the frame rate)", "frame"),
            (self.jumps, "{} in the time stamps (closed up)", "jump"),
        )
        return tuple(text.format(_count(number, what)) for number, text, what in told if number)


class Timeline:
    """Places frames in our time, in exact arithmetic.

    The first frame is at 0. A frame without a time stamp follows one step after the frame before. Where time stamps
    run backward, or leap by more than ten seconds that no frame's duration accounts for, a new stretch begins one step
    after the frame before.
    """

    def __init__(self, time_base: Fraction, rate: Fraction, notes: DecodeNotes) -> None:
        self.time_base = time_base
        self.first_pts: int | None = None
        self._step = 1 / rate
        self._notes = notes
        self._shift: Fraction | None = None  # our time = stream time + shift; None before the first time stamp
        self._last: Fraction | None = None
        self._last_lasts = Fraction(0)
        self._unsure = 0  # missing time stamps since the last one

    def place(self, pts: int | None, duration: int) -> int:
        """`t_us` of a frame with this time stamp and duration, in ticks of the time base."""
        now = self._now(pts)
        self._last = now
        self._last_lasts = duration * self.time_base
        return _round_us(now)

    def step_us(self) -> int:
        return _round_us(self._step)

    def last_lasts_us(self) -> int:
        """How long the last placed frame says it is shown: to the rounded end, not for a rounded length. 0: unsaid."""
        if self._last is None or not self._last_lasts:
            return 0
        return _round_us(self._last + self._last_lasts) - _round_us(self._last)

    def ticks(self, t_us: int) -> int:
        """The time stamp of a moment of ours, counted in the first stretch."""
        return (self.first_pts or 0) + self.ticks_of(t_us)

    def ticks_of(self, duration_us: int) -> int:
        return int(Fraction(duration_us, MICROSECONDS) / self.time_base)

    def leap(self) -> None:
        """Decoding goes on elsewhere in the same stretch: the next frame need not follow the last."""
        self._last = None

    def _now(self, pts: int | None) -> Fraction:
        if pts is None:
            self._count_missing()
            return Fraction(0) if self._last is None else self._last + self._step
        self._notes.missing_times += self._unsure
        self._unsure = 0
        stamp = pts * self.time_base
        if self._shift is None:
            self.first_pts = pts
            self._shift = -stamp if self._last is None else self._last + self._step - stamp
        now = stamp + self._shift
        if self._last is not None and not self._follows(now, self._last):
            self._notes.jumps += 1
            now = self._last + self._step
            self._shift = now - stamp
        return now

    def _count_missing(self) -> None:
        """The last pictures that a decoder gives up often have no time stamp though the stream has: no loss."""
        if self._shift is None:
            self._notes.missing_times += 1
        else:
            self._unsure += 1

    def _follows(self, now: Fraction, last: Fraction) -> bool:
        gap = now - last
        return 0 < gap <= max(_LONGEST_GAP_S, self._last_lasts + self._step)


def _round_us(seconds: Fraction) -> int:
    exact = seconds * MICROSECONDS + Fraction(1, 2)
    return exact.numerator // exact.denominator


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
