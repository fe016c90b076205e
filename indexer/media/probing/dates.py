"""Dates as files write them, normalised to ISO 8601."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

_CLOCK = r"(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
_ZONE = r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        # ISO 8601, and 2021-08-07T12:13:14+0200, 2021:08:07 12:13:14 (Exif), 2005/08/17/ 11:42 (AVI)
        rf"(?P<year>\d{{4}})(?:([-:/.])(?P<month>\d{{1,2}})(?:\2(?P<day>\d{{1,2}})(?:[/\s]*[T\s]\s*{_CLOCK}{_ZONE})?)?)?",
        # 20210807, 20210807121314, 20210807T121314Z
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:[T_\s]?{_CLOCK}{_ZONE})?",
        # Mon Mar 10 15:04:43 2003 (AVI)
        rf"[a-z]{{3}},?\s+(?P<name>[a-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?P<year>\d{{4}})",
    )
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCKS_BEGIN = (date(1904, 1, 1), date(1970, 1, 1))  # what devices that do not know the time write


def iso_date(text: str) -> str | None:
    """The date in ISO 8601, as exact as it was written, with its time zone where it has one. None for what is no date,
    and for the moments at which computer clocks begin."""
    match = next(filter(None, (form.fullmatch(text.strip()) for form in _FORMS)), None)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        month = _MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else int(parts["month"] or 1)
        day = date(int(parts["year"]), month, int(parts["day"] or 1))
        if parts["hour"] is None:
            return _written_day(day, parts)
        return _written_moment(day, parts)
    except (ValueError, OverflowError):
        return None


def _written_day(day: date, parts: dict[str, str | None]) -> str | None:
    if parts["day"] is None:
        return day.isoformat()[: 7 if parts["month"] else 4]
    return None if day in _CLOCKS_BEGIN else day.isoformat()


def _written_moment(day: date, parts: dict[str, str | None]) -> str | None:
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    second = 59 if second == 60 else second  # a leap second
    zone = _zone(parts.get("zone"))
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    universal = moment.astimezone(UTC) if zone else moment
    if universal.date() in _CLOCKS_BEGIN:
        return None
    fraction = (parts["fraction"] or "").replace(",", ".").rstrip("0").rstrip(".")[:7]
    written = moment.isoformat()
    return written[:19] + fraction + written[19:].replace("+00:00", "Z")


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text.upper() in ("Z", "UTC"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
