"""Moments as archives write them: seconds, hours and minutes, or the source's own timecode."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indexer.errors import UsageError
from indexer.ingest.importing.bad_rows import RowError
from indexer.timecode import MICROSECONDS, StartTimecode, can_drop_frames, frames_from_smpte

_SECONDS = re.compile(r"[+-]?(\d{1,12}([.,]\d{0,12})?|[.,]\d{1,12})([eE][+-]?\d{1,2})?")
_RATE = re.compile(r"\d{1,12}(/\d{1,12}|[.,]\d{0,18})?")
_CLOCK = re.compile(r"(?:(\d{1,4}):([0-5]?\d)|(\d{1,4})):([0-5]?\d)(?:[.,](\d{1,9}))?")
_SMPTE = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})")
_NO_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_LATEST_US = 1_000_000_000 * MICROSECONDS  # thirty years
_NOON = 12 * 3600
_RATES = (
    (Fraction(24000, 1001), 23.976),
    (Fraction(30000, 1001), 29.97),
    (Fraction(48000, 1001), 47.952),
    (Fraction(60000, 1001), 59.94),
    (Fraction(120000, 1001), 119.88),
)


@dataclass(frozen=True, slots=True)
class SourceClock:
    """How a video counts: what its own timecode is read by. `rate` None: it is not known, or varies."""

    rate: Fraction | None = None
    start: StartTimecode | None = None


def read_time(value: object, clock: SourceClock) -> int | None:
    """Microseconds from the first frame; None where nothing is said. Raises `RowError`.

    Seconds, `MM:SS` and `HH:MM:SS.mmm` count from the first frame; their decimals follow a point or a comma.
    `HH:MM:SS:FF` and `HH:MM:SS;FF` are source timecode: the start timecode is subtracted. Where that is known it also
    says whether frames are dropped, for people write either sign; else `;` does.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise RowError("bad_time", f"{_shown(value)} is no time; give seconds, HH:MM:SS.mmm or HH:MM:SS:FF")
    text = value.strip() if isinstance(value, str) else repr(value)
    if _NO_NUMBER.fullmatch(text):
        raise RowError("not_a_number", f"{_shown(value)} is no time; give seconds, or leave it empty")
    if _SECONDS.fullmatch(text):
        t_us = _rounded(Fraction(Decimal(text.replace(",", "."))) * MICROSECONDS)
    elif match := _CLOCK.fullmatch(text):
        t_us = _clock_us(match)
    elif match := _SMPTE.fullmatch(text):
        t_us = _source_us(match, clock)
    else:
        raise RowError("bad_time", f"{_shown(value)} is no time; give seconds, HH:MM:SS.mmm or HH:MM:SS:FF")
    if t_us < 0:
        raise RowError("negative_time", f"{_shown(value)} is before the first frame")
    if t_us > _LATEST_US:
        raise RowError("bad_time", f"{_shown(value)} is too late to be a time in a video")
    return t_us


def read_rate(value: object) -> Fraction | None:
    """Frames a second: `25`, `29.97`, `29,97`, `30000/1001`; None where nothing is said. Raises `RowError`."""
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    try:
        rate = Fraction(text.replace(",", ".")) if _RATE.fullmatch(text) else Fraction(0)  # 1e9999999 is never read
    except ZeroDivisionError:
        rate = Fraction(0)
    if not 1 <= rate <= 1000:
        raise RowError("bad_rate", f"{_shown(value)} is no frame rate; give frames a second, such as 25 or 30000/1001")
    return next((exact for exact, written in _RATES if abs(float(rate) - written) < 0.006), rate)


def _clock_us(match: re.Match[str]) -> int:
    hours, minutes, only_minutes, seconds, part = match.groups()
    whole = int(hours or 0) * 3600 + int(minutes or only_minutes) * 60 + int(seconds)
    return _rounded((whole + Fraction(Decimal(f"0.{part or 0}"))) * MICROSECONDS)


def _source_us(match: re.Match[str], clock: SourceClock) -> int:
    typed, rate = match[0], clock.rate
    if rate is None:
        raise RowError(
            "needs_rate",
            f"{typed} counts frames, and how many this video has in a second is not known, or varies; give the rate in "
            "a column `rate`, or give seconds",
        )
    drops = clock.start.drop_frame and can_drop_frames(rate) if clock.start else match[4] == ";"
    try:
        frames = frames_from_smpte(_smpte(match, ";" if drops else ":"), rate)
        first = clock.start.frames(rate) if clock.start else 0
    except UsageError as error:
        raise RowError("bad_time", str(error)) from None
    if frames < first:  # past midnight, or a mistake
        frames += frames_from_smpte(f"23:59:59{';' if drops else ':'}00", rate) + max(1, round(rate))
        if Fraction(frames - first) / rate > _NOON:
            start = clock.start.text if clock.start else "00:00:00:00"
            raise RowError("negative_time", f"{typed} is before the first frame, which has {start}")
    return _rounded(Fraction(frames - first) / rate * MICROSECONDS)


def _smpte(match: re.Match[str], sign: str) -> str:
    return f"{int(match[1]):02}:{match[2]}:{match[3]}{sign}{match[5]}"


def _rounded(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
