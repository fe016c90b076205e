"""Filters that no moment passes: which of those asked for, and what to say of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.domain import Filters
from indexer.domain.texts import Holding
from indexer.search.query import quoted, write_duration, write_filters
from indexer.store import Transaction
from indexer.store.allowed import Rows, allowed_segments
from indexer.store.stated_values import values_of
from indexer.store.videos import first_and_last_day

MOST_NAMED = 8  # values that are named where there are no more
LONGEST_LIST = 200  # characters of them
_TAGS = ("tag", "tags")
_LACKING: dict[Holding, str] = {
    "caption": "No moment here has a caption.",
    "description": "No moment here is described by a person.",
    "speech": "Of no moment here is it known what was said.",
    "screen_text": "Of no moment here is it known what stands in the picture.",
}


@dataclass(frozen=True, slots=True)
class Unmet:
    """`typed`: the filter as it may be typed, `camera:dolly`, and "" where none is to blame alone."""

    typed: str
    told: str  # a sentence


def find_unmet(tx: Transaction, asked: Sequence[Filters], *, passing: Rows | None) -> list[Unmet]:
    """Those that no moment passes by themselves, or what to say where only all of them together let none pass.

    `asked` hold all together; `passing` are the rows that pass (None: all). Costs nothing where some do, but for values
    of one name, of which another may be met.
    """
    nothing = passing is not None and not len(passing)
    each = dict.fromkeys(one for filters in asked for one in (_apart(filters) if nothing else _alternatives(filters)))
    found = [Unmet(" ".join(write_filters(one)), _tell(tx, one)) for one in each if _is_unmet(tx, one)]
    if nothing and not found:
        return [Unmet("", "Each filter finds something here, but no moment passes all of them.")]
    return found


def _is_unmet(tx: Transaction, one: Filters) -> bool:
    rows = allowed_segments(tx, one)
    return rows is not None and not len(rows)


def _alternatives(filters: Filters) -> Iterator[Filters]:
    names = [facet.name for facet in filters.facets]
    yield from (Filters(facets=(facet,)) for facet in filters.facets if names.count(facet.name) > 1)


def _apart(filters: Filters) -> Iterator[Filters]:
    """Every condition as a filter of its own. Two ends of a time are one."""
    parts = [
        Filters(videos=filters.videos),
        Filters(folder=filters.folder),
        Filters(recorded_from=filters.recorded_from, recorded_to=filters.recorded_to),
        Filters(longer_us=filters.longer_us, shorter_us=filters.shorter_us),
        *(Filters(facets=(facet,)) for facet in filters.facets),
        *(Filters(at_least=(counted,)) for counted in filters.at_least),
        *(Filters(without=(facet,)) for facet in filters.without),
        *(Filters(has=(held,)) for held in filters.has),
        Filters(written_by=filters.written_by),
    ]
    return (part for part in parts if part)


def _tell(tx: Transaction, one: Filters) -> str:
    if one.videos:
        return "The chosen videos have no moments."
    if one.folder is not None:
        return f"No file here lies in a folder called {quoted(one.folder)}."
    if one.recorded_from is not None or one.recorded_to is not None:
        return _tell_dates(tx, one.recorded_from, one.recorded_to)
    if one.longer_us is not None or one.shorter_us is not None:
        return _tell_lengths(one.longer_us, one.shorter_us)
    for facet in one.without:
        return f"Everything here is {quoted(f'{facet.name}: {facet.value}')}."
    for held in one.has:
        return _LACKING[held]
    if one.written_by is not None:
        return f"No text here was written by a {'person' if one.written_by == 'human' else 'machine'}."
    stated = [(facet.name, facet.value) for facet in one.facets]
    return _tell_value(tx, *(stated or [(facet.name, f"{facet.count}+") for facet in one.at_least])[0])


def _tell_value(tx: Transaction, name: str, value: str) -> str:
    """What there is instead, where that is little."""
    if name in _TAGS:
        return f"Nothing here is tagged {quoted(value)}."
    called = name.replace("_", " ")
    known = values_of(tx, name, most=MOST_NAMED + 1)
    if not known:
        return f"Of nothing here is a {quoted(called)} known."
    listed = "; ".join(known)
    others = f"; what there is: {listed}" if len(known) <= MOST_NAMED and len(listed) <= LONGEST_LIST else ""
    return f"Nothing here is {quoted(f'{called}: {value}')}{others}."


def _tell_dates(tx: Transaction, first: str | None, last: str | None) -> str:
    known = first_and_last_day(tx)
    if known is None:
        return "Of nothing here is it known when it was recorded."
    earliest, latest = known
    range_known = f"what is here is of {earliest}" + (f" to {latest}" if latest != earliest else "")
    if first is not None and last is not None:
        asked = _in(first) if first == last else f"from {first} to {last}"
        return f"Nothing here was recorded {asked}; {range_known}."
    asked = f"{_in(first)} or later" if first is not None else f"{_in(last or '')} or earlier"
    return f"Nothing here was recorded {asked}; {range_known}."


def _in(day: str) -> str:
    return f"{'on' if len(day) == 10 else 'in'} {day}"


def _tell_lengths(longer_us: int | None, shorter_us: int | None) -> str:
    if longer_us is not None and shorter_us is not None:
        return f"No moment here is between {write_duration(longer_us)} and {write_duration(shorter_us)} long."
    if longer_us is not None:
        return f"No moment here is as long as {write_duration(longer_us)}."
    return f"No moment here is as short as {write_duration(shorter_us or 0)}."
