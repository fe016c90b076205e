"""From a stream's time stamps to our time: whole microseconds from the first frame, always forward."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from indexer.domain import Decoded, Reading, Stretch
from indexer.media.reading.rates import RateWatch
from indexer.timecode import MICROSECONDS

_LONGEST_GAP = Fraction(10)  # seconds
_LONGEST_PICTURE = Fraction(86_400)  # seconds: whatever is claimed, no picture is shown for more than a day
FARTHEST_US = 1 << 62  # that a clock can be from zero: what a database holds, and more than any clock means
_MOST_STRETCHES = 1000


@dataclass(slots=True)
class DecodeNotes:
    """What happened while decoding; filled by whoever decodes."""

    broken_packets: int = 0
    corrupt_frames: int = 0
    missing_times: int = 0
    crowded_times: int = 0
    stray_times: int = 0
    jumps: int = 0
    read_errors: int = 0
    stretches: list[Stretch] = field(default_factory=list)  # the first 1,000
    frames: int = 0
    end_us: int = 0  # of the last frame
    rates: RateWatch | None = None

    @property
    def decoded(self) -> Decoded:
        """What reading every frame told."""
        rate = self.rates.rate(lost=self.broken_packets) if self.rates else None
        doubtful = self.damaged or self.jumps or self.crowded_times or self.stray_times
        reading: Reading = "careful" if doubtful else "fast"
        return Decoded(self.frames, self.end_us, rate, tuple(self.stretches), reading)

    @property
    def damaged(self) -> bool:
        return bool(self.broken_packets or self.corrupt_frames or self.read_errors)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the report."""
        timeless = self.missing_times > 0 and not self.stretches
        no_clock = ("it holds no time stamps; its times are counted at its frame rate",) if timeless else ()
        told = (
            (self.broken_packets, "{} could not be decoded (left out)", "packet"),
            (self.corrupt_frames, "{} decoded with errors", "frame"),
            (
                0 if timeless else self.missing_times,
                "{} without a time stamp (times taken from the frame rate)",
                "frame",
            ),
            (self.crowded_times, "{} with the time stamp of the frame before (shown for a microsecond)", "frame"),
            (self.stray_times, "{} with a time stamp out of line (shown between its neighbours)", "frame"),
            (self.jumps, "{} in the time stamps (closed up)", "jump"),
        )
        broken_off = ("the file could not be read to its end; what came before was kept",) if self.read_errors else ()
        return tuple(text.format(_count(number, what)) for number, text, what in told if number) + no_clock + broken_off


class Timeline:
    """Places frames in our time, in exact arithmetic: whole numbers of a unit that divides microseconds, ticks of the
    time base and frames at the rate.

    The first frame is at 0. A frame without a time stamp follows when the frame before has been shown for its number of
    fields, else one step later. Where time stamps run backward, or leap by more than `longest_gap` seconds that no
    frame's duration accounts for, a new stretch begins one step after the frame before. Frames that share a time stamp
    follow each other by a microsecond: none is lost.
    """

    def __init__(
        self, time_base: Fraction, rate: Fraction, notes: DecodeNotes, *, longest_gap: Fraction = _LONGEST_GAP
    ) -> None:
        step = 1 / rate
        self._per_second = lcm(time_base.denominator, step.denominator, MICROSECONDS)
        self._tick = int(time_base * self._per_second)
        self._step = int(step * self._per_second)
        self._microsecond = self._per_second // MICROSECONDS
        self._longest_gap = int(min(max(longest_gap, _LONGEST_GAP), _LONGEST_PICTURE) * self._per_second)
        self._longest_picture = int(_LONGEST_PICTURE * self._per_second)
        self._notes = notes
        self.first_pts: int | None = None
        self._shift: int | None = None  # our time = stream time + shift; None before the first time stamp
        self._last: int | None = None
        self._last_stamped = 0  # what the last time stamp said, in our time
        self._last_lasts = 0
        self._unsure = 0  # missing time stamps since the last one

    def place(self, pts: int | None, duration: int) -> int:
        """`t_us` of a frame with this time stamp and duration, in ticks of the time base."""
        now = self._unstamped() if pts is None else self._stamped(pts)
        self._last = now
        self._last_lasts = min(duration * self._tick, self._longest_picture)
        return self._rounded_us(now)

    def step_us(self) -> int:
        return self._rounded_us(self._step)

    def last_lasts_us(self) -> int:
        """How long the last placed frame says it is shown: to the rounded end, not for a rounded length. 0: unsaid."""
        if self._last is None or self._last_lasts <= 0:
            return 0
        return self._rounded_us(self._last + self._last_lasts) - self._rounded_us(self._last)

    def ticks(self, t_us: int) -> int:
        """The time stamp of a moment of ours, counted in the first stretch."""
        return (self.first_pts or 0) + self.ticks_of(t_us)

    def ticks_of(self, duration_us: int) -> int:
        return duration_us * self._microsecond // self._tick

    def leap(self) -> None:
        """Decoding goes on elsewhere in the same stretch: the next frame need not follow the last."""
        self._last = None

    def _unstamped(self) -> int:
        self._count_missing()
        return 0 if self._last is None else self._last + self._believable_length()

    def _believable_length(self) -> int:
        """How long the last frame says it is shown, if in fields (soft telecine shows some for three); else a step."""
        fields = round(2 * self._last_lasts / self._step)
        exact = abs(2 * self._last_lasts - fields * self._step) * 50 < self._step
        return self._last_lasts if exact and 2 <= fields <= 6 else self._step

    def _stamped(self, pts: int) -> int:
        stamp = pts * self._tick
        if self._shift is None:
            self.first_pts = pts
            self._begin_stretch(stamp, 0 if self._last is None else self._last + self._step)
        now = stamp + (self._shift or 0)
        self._settle_missing(now)
        if self._last is not None:
            now = self._after_last(now, stamp)
        self._last_stamped = stamp + (self._shift or 0)
        return now

    def _after_last(self, now: int, stamp: int) -> int:
        """`now` if it can follow the last frame, else the nearest that can."""
        assert self._last is not None
        gap = now - self._last
        if self._microsecond <= gap <= max(self._longest_gap, self._last_lasts + self._step):
            return now
        if self._last_stamped <= now < self._last + self._microsecond:
            self._notes.crowded_times += 1
            return self._last + self._microsecond
        self._notes.jumps += 1
        self._begin_stretch(stamp, self._last + self._step)
        return self._last + self._step

    def _begin_stretch(self, stamp: int, now: int) -> None:
        self._shift = now - stamp
        stretches = self._notes.stretches
        if not stretches and now:  # frames without a time stamp came first
            stamp, now = stamp - now, 0
        if len(stretches) < _MOST_STRETCHES:
            stream_us = max(-FARTHEST_US, min(self._rounded_us(stamp), FARTHEST_US))
            stretches.append(Stretch(self._rounded_us(now), stream_us))

    def _count_missing(self) -> None:
        """The last pictures that a decoder gives up often have no time stamp though the stream has: no loss."""
        if self._shift is None:
            self._notes.missing_times += 1
        else:
            self._unsure += 1

    def _settle_missing(self, now: int) -> None:
        """Program streams stamp one frame in several: no loss where the next stamp is the one that was expected."""
        if self._unsure and self._last is not None and abs(now - self._last - self._step) > self._step // 2:
            self._notes.missing_times += self._unsure
        self._unsure = 0

    def _rounded_us(self, units: int) -> int:
        return (2 * units + self._microsecond) // (2 * self._microsecond)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
