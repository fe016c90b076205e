"""Dates in any usual form, found in a text: `12 April 1987`, `April 12, 1987`, `12.4.1987` and `19870412` are one day.

Where the order of numbers leaves a choice, the day stands before the month. A year of two digits is read only where it
can be nothing else: after two slashes, after an apostrophe, or above 31 after a day and the name of a month.
"""

import re
from dataclasses import dataclass
from datetime import date

YEARS = range(1800, 2200)
LAST_OF_THIS_CENTURY = 30  # '30 is 2030, '31 is 1931

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAY, _MONTH, _YEAR = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})", r"(?P<year>[0-9]{4})"
_NTH = r"(?:st|nd|rd|th)?"
_GAP = r"[\s.,_/-]{1,2}"
_LIKELY = re.compile(r"[0-9]{4}|[0-9]/[0-9]|[0-9][a-z\s.,_/-]{3,14}['’]?[0-9]{2}", re.IGNORECASE | re.ASCII)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?<![0-9]){_YEAR}(?P<joint>[-/._]){_MONTH}(?P=joint){_DAY}(?![0-9])",  # 1987-04-12
        rf"(?<![0-9a-z]){_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?![0-9a-su-z]|t(?![0-9]))",  # 19870412
        rf"(?<![0-9.]){_DAY}(?P<joint>[-/._])[ ]?{_MONTH}(?P=joint)[ ]?{_YEAR}(?![0-9]|\.[0-9])",  # 12.4.1987
        rf"(?<![0-9/]){_DAY}/{_MONTH}/(?P<short>[0-9]{{2}})(?![0-9/])",  # 12/4/87
        rf"(?<![0-9]){_DAY}{_NTH}(?:\s+of)?{_GAP}?{_NAMED}{_GAP}?{_YEAR}(?![0-9])",  # 12 April 1987
        rf"(?<![0-9]){_DAY}{_NTH}(?:\s+of)?{_GAP}?{_NAMED}{_GAP}?(?:['’](?P<short>[0-9]{{2}})|(?P<late>[0-9]{{2}}))"
        r"(?![0-9a-z])",  # 12 Apr '87, 12 Apr 87
        rf"(?<![a-z]){_NAMED}{_GAP}?{_DAY}{_NTH}{_GAP}{_YEAR}(?![0-9])",  # April 12, 1987
        rf"(?<![0-9]){_YEAR}{_GAP}{_NAMED}{_GAP}{_DAY}{_NTH}(?![0-9a-z])",  # 1987 April 12
        rf"(?<![a-z]){_NAMED}(?:\s+of)?{_GAP}?{_YEAR}(?![0-9])",  # April 1987
        rf"(?<![0-9/.-]){_YEAR}[-/](?P<month>[0-9]{{2}})(?![0-9]|[-/.][0-9])",  # 1987-04
        rf"(?<![0-9/.-]){_MONTH}/{_YEAR}(?![0-9]|[-/.][0-9])",  # 4/1987
    )
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day (`1987-04-12`) or a month (`1987-04`) that stands in a text as `text[start:end]`."""

    start: int
    end: int
    iso: str

    @property
    def month(self) -> str:
        return self.iso[:7]


def find_dates(text: str) -> list[FoundDate]:
    """Days and months in `text`, in order, none over another. Never raises; what is no day of the calendar is none."""
    found: list[FoundDate] = []
    if not _LIKELY.search(text):  # most texts are done here
        return found
    for form in _FORMS:
        for match in form.finditer(text):
            iso = _as_iso(match)
            if iso and all(match.end() <= other.start or match.start() >= other.end for other in found):
                found.append(FoundDate(*match.span(), iso))
    return sorted(found, key=lambda one: one.start)


def read_date(text: str) -> str | None:
    """The one date that `text` is, as ISO 8601 has it: a year, a month or a day. None where it is anything else."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{4}", text) and int(text) in YEARS:
        return text
    return next((one.iso for one in find_dates(text) if (one.start, one.end) == (0, len(text))), None)


def _as_iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = _year(parts)
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)
    day = int(parts["day"] or 0) if "day" in parts else None
    if day is not None and month > 12 >= day and match.lastgroup != "day":  # after a year the month comes first
        day, month = month, day
    try:
        stated = date(year, month, day or 1) if year in YEARS and day != 0 else None
    except ValueError:
        return None
    if stated is None:
        return None
    return f"{stated:%Y-%m}" if day is None else stated.isoformat()


def _year(parts: dict[str, str | None]) -> int:
    """0 where two digits may as well be a number that only stands there."""
    if parts.get("year"):
        return int(parts["year"] or 0)
    if late := parts.get("late"):
        return 1900 + int(late) if int(late) > 31 else 0
    short = int(parts["short"] or 0)
    return short + (2000 if short <= LAST_OF_THIS_CENTURY else 1900)
