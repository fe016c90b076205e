"""Filters as they are typed, `camera:pan` or `after:1987-04`: read into `Filters`, and written back.

What is typed once more narrows or adds: the later of two `after:`, the longer of two `longer:`, any of the values of
one facet. A folder and an author can be only one; the last typed counts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal, TypeVar

from indexer.domain import AtLeast, Facet, Filters
from indexer.domain.texts import Holding
from indexer.search.query.durations import read_duration, write_duration
from indexer.store import words
from indexer.store.dates import read_date

MEASURED = ("camera", "movement", "shot", "faces", "light", "colour", "picture", "tag")
"""Facets that every library is asked for, whether it has them or not."""

MOST_VALUES = 20
LONGEST_VALUE = 200

_SAME = {"folder": "in", "date": "on", "tags": "tag"}
_SPELT = {"color": "colour"}
_HELD: dict[str, Holding] = {
    "caption": "caption",
    "description": "description",
    "speech": "speech",
    "transcript": "speech",
    "text": "screen_text",
    "screen_text": "screen_text",
}
_AUTHORS: dict[str, Literal["human", "machine"]] = {"human": "human", "person": "human", "machine": "machine"}
_COUNTED = re.compile(r"([0-9]{1,6})\+")

One = TypeVar("One")


def filter_name(key: str, fields: frozenset[str]) -> str | None:
    """Which filter a typed key means: one of those here, a facet, or one of `fields`, however its words are joined and
    whatever their case. None: it is no filter."""
    names = {*_READERS, *MEASURED, *fields}
    key = _SAME.get(key.lower(), key)
    alike = [name for name in names if words.same_name(name, key)]
    rank = {name: (name not in _READERS, name not in MEASURED, name != key, name) for name in alike}
    return min(alike, key=rank.__getitem__, default=_SPELT.get(key.lower()))


def add_filter(filters: Filters, name: str, *, value: str) -> Filters | None:
    """`filters` and one more; None where the value cannot be read."""
    value = value.strip()[:LONGEST_VALUE].rstrip()
    reader = _READERS.get(name)
    return reader(filters, value) if reader else _facet(filters, name, value)


def exclude_filter(filters: Filters, name: str, *, value: str) -> Filters | None:
    """`filters`, and what has this facet left out; None where `name` is no facet, or no value stands there."""
    value = _plain(value)
    if name in _READERS or not words.tokens(value):
        return None
    return replace(filters, without=_added(filters.without, Facet(name, value)))


def write_filters(filters: Filters) -> tuple[str, ...]:
    """As they are typed, in one order whatever order they were typed in."""
    return tuple(_written(filters))


def _written(filters: Filters) -> Iterator[str]:
    if filters.folder is not None:
        yield _typed("in", filters.folder)
    if filters.recorded_from is not None and filters.recorded_from == filters.recorded_to:
        yield _typed("on", filters.recorded_from)
    else:
        yield from (_typed("after", one) for one in [filters.recorded_from] if one is not None)
        yield from (_typed("before", one) for one in [filters.recorded_to] if one is not None)
    yield from (_typed("longer", write_duration(one)) for one in [filters.longer_us] if one is not None)
    yield from (_typed("shorter", write_duration(one)) for one in [filters.shorter_us] if one is not None)
    yield from (_typed("by", one) for one in [filters.written_by] if one is not None)
    yield from (_typed("has", one) for one in filters.has)
    yield from (_typed(one.name, one.value) for one in filters.facets)
    yield from (_typed(one.name, f"{one.count}+") for one in filters.at_least)
    yield from (f"-{_typed(one.name, one.value)}" for one in filters.without)


def _typed(name: str, value: str) -> str:
    """Without what a name holds that cannot be typed: the rest of it is enough."""
    key = re.sub(r"[^\w-]+", "_", name).strip("-_")
    return f'{key}:"{value}"' if re.search(r"\s", value) or value.startswith(":") else f"{key}:{value}"


def _facet(before: Filters, name: str, value: str) -> Filters | None:
    if counted := _COUNTED.fullmatch(value):
        return replace(before, at_least=_added(before.at_least, AtLeast(name, int(counted[1]))))
    value = _plain(value)
    return replace(before, facets=_added(before.facets, Facet(name, value))) if words.tokens(value) else None


def _folder(before: Filters, value: str) -> Filters | None:
    return replace(before, folder=value) if value.strip("/ ") else None


def _after(before: Filters, value: str) -> Filters | None:
    day = read_date(value)
    if day is None:
        return None
    return replace(before, recorded_from=max(day, before.recorded_from or day))


def _before(before: Filters, value: str) -> Filters | None:
    """Of 1987 and 1987-04 the month ends first."""
    day = read_date(value)
    if day is None:
        return None
    return replace(before, recorded_to=min(day, before.recorded_to or day, key=lambda one: f"{one}-99-99"[:10]))


def _on(before: Filters, value: str) -> Filters | None:
    later = _after(before, value)
    return later and _before(later, value)


def _longer(before: Filters, value: str) -> Filters | None:
    length = read_duration(value)
    return None if length is None else replace(before, longer_us=max(length, before.longer_us or 0))


def _shorter(before: Filters, value: str) -> Filters | None:
    length = read_duration(value)
    if length is None:
        return None
    return replace(before, shorter_us=length if before.shorter_us is None else min(length, before.shorter_us))


def _by(before: Filters, value: str) -> Filters | None:
    author = _AUTHORS.get(value.lower())
    return None if author is None else replace(before, written_by=author)


def _has(before: Filters, value: str) -> Filters | None:
    held = _HELD.get(re.sub(r"[\s-]", "_", value.lower()))
    return None if held is None else replace(before, has=_added(before.has, held))


_READERS: dict[str, Callable[[Filters, str], Filters | None]] = {
    "in": _folder,
    "after": _after,
    "before": _before,
    "on": _on,
    "longer": _longer,
    "shorter": _shorter,
    "by": _by,
    "has": _has,
}


def _added(listed: tuple[One, ...], one: One) -> tuple[One, ...]:
    return tuple(dict.fromkeys([*listed, one]))[:MOST_VALUES]


def _plain(value: str) -> str:
    return " ".join(value.split())
