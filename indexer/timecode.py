"""Exact time: microseconds inside, SMPTE timecode at the edges.

Inside Shotlist a moment is `t_us`, whole microseconds from the first frame. Frames and timecode are written and read
only at the edges, from the source's rational frame rate (SMPTE ST 12-1, drop-frame as in its section on 30 000/1001).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from indexer.errors import UsageError

MICROSECONDS = 1_000_000
_SMPTE = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;.,])(\d{2,3})")


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """A half-open stretch of one video, `start_us <= t < end_us`, in microseconds from its first frame."""

    start_us: int
    end_us: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_us < self.end_us:
            raise UsageError(f"a time range must run forward from 0 or later, not {self.start_us}..{self.end_us} us")

    @property
    def duration_us(self) -> int:
        return self.end_us - self.start_us

    @property
    def middle_us(self) -> int:
        return (self.start_us + self.end_us) // 2

    def __contains__(self, t_us: int) -> bool:
        return self.start_us <= t_us < self.end_us


@dataclass(frozen=True, slots=True)
class StartTimecode:
    """The source timecode of the first frame, as the file states it: `01:00:00:00`, or `01:00:00;00` in drop-frame."""

    text: str

    @property
    def drop_frame(self) -> bool:
        return self.text[8] in ";,."

    def frames(self, rate: Fraction) -> int:
        return frames_from_smpte(self.text, rate)


def stream_time_us(pts: int, first_pts: int, time_base: Fraction) -> int:
    """Microseconds from the first frame: floor((pts - first_pts) * time_base * 10^6 + 1/2), in exact arithmetic."""
    exact = (pts - first_pts) * time_base * MICROSECONDS + Fraction(1, 2)
    return exact.numerator // exact.denominator


def frame_number(t_us: int, rate: Fraction) -> int:
    """The frame of a constant-rate video that is nearest to `t_us`."""
    exact = t_us * rate / MICROSECONDS + Fraction(1, 2)
    return exact.numerator // exact.denominator


def can_drop_frames(rate: Fraction) -> bool:
    """Whether drop-frame counting is defined: multiples of 30000/1001 only."""
    return rate.denominator == 1001 and rate.numerator % 30000 == 0


def frames_from_smpte(text: str, rate: Fraction) -> int:
    """Count frames from 00:00:00:00. Raises `UsageError` for what is no timecode at this rate."""
    match = _SMPTE.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is not a timecode; write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame")
    hours, minutes, seconds, frames = (int(match[part]) for part in (1, 2, 3, 5))
    base = _counting_base(rate)
    if frames >= base:
        raise UsageError(f"{text!r} has frame {frames}, but there are only {base} in a second at this rate")
    count = ((hours * 60 + minutes) * 60 + seconds) * base + frames
    if match[4] == ":":
        return count
    dropped = _dropped_each_minute(rate, text)
    if seconds == 0 and frames < dropped and minutes % 10:
        raise UsageError(f"{text!r} does not exist in drop-frame timecode; the minute begins at frame {dropped}")
    total_minutes = hours * 60 + minutes
    return count - dropped * (total_minutes - total_minutes // 10)


def smpte_from_frames(frames: int, rate: Fraction, *, drop_frame: bool) -> str:
    """Write a frame count as HH:MM:SS:FF (`;` before the frames in drop-frame). Wraps at 24 hours, as decks do."""
    base = _counting_base(rate)
    if drop_frame:
        dropped = _dropped_each_minute(rate, "drop-frame")
        per_ten_minutes = base * 600 - dropped * 9
        tens, rest = divmod(frames, per_ten_minutes)
        extra_minutes = max(0, (rest - dropped) // (base * 60 - dropped))
        frames += dropped * (9 * tens + extra_minutes)
    seconds, frame = divmod(frames, base)
    width = 3 if base > 100 else 2
    separator = ";" if drop_frame else ":"
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{frame:0{width}}"


def source_timecode(t_us: int, rate: Fraction | None, start: StartTimecode | None = None) -> str:
    """The timecode of a moment as an editor would read it off the source.

    `rate` is None for a variable-rate file, which has no frame grid: its moments are written HH:MM:SS.mmm.
    Without a start timecode the count begins at zero, drop-frame never assumed.
    """
    if rate is None:
        return clock(t_us)
    offset = start.frames(rate) if start else 0
    drop_frame = bool(start and start.drop_frame and can_drop_frames(rate))
    return smpte_from_frames(offset + frame_number(t_us, rate), rate, drop_frame=drop_frame)


def clock(t_us: int) -> str:
    """HH:MM:SS.mmm from the first frame."""
    milliseconds = (t_us + 500) // 1000
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"


def short_duration(duration_us: int) -> str:
    """A length for people: `4.2 s`, `3:07`, `1:02:33`."""
    if duration_us < 60 * MICROSECONDS:
        return f"{duration_us / MICROSECONDS:.1f} s"
    seconds = (duration_us + MICROSECONDS // 2) // MICROSECONDS
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _counting_base(rate: Fraction) -> int:
    """Frames counted in one second of timecode: 30 for 29.97, 24 for 23.976."""
    if rate <= 0:
        raise UsageError(f"a frame rate must be positive, not {rate}")
    return max(1, round(rate))


def _dropped_each_minute(rate: Fraction, what: str) -> int:
    if not can_drop_frames(rate):
        raise UsageError(f"{what}: drop-frame is defined for 29.97 and 59.94 frames a second, not {float(rate):.3f}")
    return 2 * (rate.numerator // 30000)
