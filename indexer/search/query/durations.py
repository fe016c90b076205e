"""Lengths of time as they are typed: `30s`, `2m30s`, `2 minutes`."""

import re
from fractions import Fraction

LONGEST_S = 999_999_999

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
DURATION = (
    rf"(?:(?P<hours>{_NUMBER})\s*h(?:ours?|rs?)?(?![^\W\d_])\s*)?"
    rf"(?:(?P<minutes>{_NUMBER})\s*m(?:in(?:ute)?s?)?(?![^\W\d_])\s*)?"
    rf"(?:(?P<seconds>{_NUMBER})\s*s(?:ec(?:ond)?s?)?(?![^\W\d_]))?"
)
"""As part of a regular expression; matches nothing too."""

_WHOLE = re.compile(DURATION, re.IGNORECASE)
_BARE = re.compile(_NUMBER)


def read_duration(text: str) -> int | None:
    """Microseconds; a bare number counts seconds. None where `text` is no length of time."""
    text = text.strip()
    if _BARE.fullmatch(text):
        text += "s"
    parts = _WHOLE.fullmatch(text)
    if not text or parts is None:
        return None
    hours, minutes, seconds = (Fraction(parts[name] or 0) for name in ("hours", "minutes", "seconds"))
    total = 3600 * hours + 60 * minutes + seconds
    return int(total * 1_000_000) if total <= LONGEST_S else None


def write_duration(duration_us: int) -> str:
    """As it may be typed, exactly: `2.5s`, `2m30s`, `1h`."""
    seconds, rest = divmod(duration_us, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    last = f"{seconds}.{rest:06}".rstrip("0").rstrip(".")
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else "", f"{last}s" if last != "0" else ""]
    return "".join(parts) or "0s"
