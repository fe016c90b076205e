"""What is stated of segments (facets) and of whole videos (fields), looked up as people type it.

A facet's value is meant by itself or by its first words (`camera:pan` by `pan left`), a field's by words that stand in
it one after another (`place:lisbon` by `Lisbon, Portugal`); case, diacritics and how an identifier is joined do not
count. `2+` means a count of two or more.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from indexer.domain import Facet
from indexer.store import fulltext, words
from indexer.store.row_lists import rows_in, texts_in
from indexer.store.tables import FacetTable, VideoFieldTable, VideoTable

TITLE = "title"  # of a video, which is asked for as a field is

_ALSO = {"tag": "tags", "tags": "tag"}  # of moments one by one, of videos all together
_AT_LEAST = re.compile(r"([0-9]+)\+")
_COUNT = re.compile(r"([0-9]+)\+?")


def known_fields(tx: Session) -> frozenset[str]:
    """The names of all facets and fields: what `key:` may be typed before a value."""
    return frozenset([TITLE, *(name for query in _names() for name in tx.execute(query).scalars())])


def segments_stated(tx: Session, facet: Facet) -> Select[int] | None:
    """Rows of segments that have the facet, active or not, perhaps more than once; None where none can have it."""
    stored = _facet_values(tx, facet)
    if not stored:
        return None
    pairs = [(FacetTable.name == name) & FacetTable.value.in_(texts_in(tx, values)) for name, values in stored.items()]
    return select(FacetTable.segment_row).where(pairs[0] if len(pairs) == 1 else pairs[0] | pairs[1])


def videos_stated(tx: Session, facet: Facet) -> list[int]:
    """Rows of videos that have a field of this name, or a title, in which the value stands."""
    names = _alike(_distinct(tx, VideoFieldTable.name), facet.name)
    stems = words.phrase_stems(facet.value)
    titled = words.same_name(facet.name, TITLE)
    if not (names or titled) or not stems:
        return []
    if least := _AT_LEAST.fullmatch(facet.value):
        return _videos_counting(tx, names, int(least[1]))
    possible = rows_in(tx, fulltext.phrase_videos(tx, facet.value))
    of_fields = select(VideoFieldTable.video_row, VideoFieldTable.value).where(
        VideoFieldTable.name.in_(texts_in(tx, names)), VideoFieldTable.video_row.in_(possible)
    )
    of_titles = select(VideoTable.row, VideoTable.title).where(VideoTable.row.in_(possible))
    stated = [*tx.execute(of_fields), *(tx.execute(of_titles) if titled else ())]
    return _holding(stated, f" {' '.join(stems)} ")


def values_of(tx: Session, name: str, *, most: int) -> tuple[str, ...]:
    """What is stated under this name of segments and of videos: the first `most` values in order, each once."""
    found: list[str] = []
    for column, names in ((FacetTable.value, FacetTable.name), (VideoFieldTable.value, VideoFieldTable.name)):
        for one in _alike(_distinct(tx, names), name):
            found += tx.execute(_walk(column, names == one).limit(most)).scalars()
    if words.same_name(name, TITLE):
        found += tx.execute(select(VideoTable.title).distinct().order_by(VideoTable.title).limit(most)).scalars()
    return tuple(sorted(set(found))[:most])


def _facet_values(tx: Session, facet: Facet) -> dict[str, list[str]]:
    """{stored name: stored values} that are meant by the facet."""
    found = {}
    for name in _alike(_distinct(tx, FacetTable.name), facet.name):
        if values := list(_meant(facet.value, _distinct(tx, FacetTable.value, FacetTable.name == name))):
            found[name] = values
    return found


def _meant(typed: str, stored: Iterable[str]) -> Iterator[str]:
    if least := _AT_LEAST.fullmatch(typed):
        yield from (one for one in stored if _counts(one) >= int(least[1]))
        return
    first = [token.stem for token in words.tokens(typed)]
    for one in stored if first else ():
        if [token.stem for token in words.tokens(one)][: len(first)] == first:
            yield one


def _counts(stored: str) -> int:
    """The number that a value is, the least it may be of `3+`; -1 where it is none."""
    count = _COUNT.fullmatch(stored.strip())
    return int(count[1]) if count else -1


def _holding(stated: Iterable[Row[int, str]], wanted: str) -> list[int]:
    """Rows of those whose value holds the stems."""
    holds: dict[str, bool] = {}
    found = []
    for row, value in stated:
        if value not in holds:
            holds[value] = wanted in f" {words.index_text(value)} "
        if holds[value]:
            found.append(row)
    return found


def _videos_counting(tx: Session, names: Iterable[str], least: int) -> list[int]:
    query = select(VideoFieldTable.video_row, VideoFieldTable.value)
    stated = tx.execute(query.where(VideoFieldTable.name.in_(texts_in(tx, names))))
    return [row for row, value in stated if _counts(value) >= least]


def _alike(names: Iterable[str], name: str) -> list[str]:
    wanted = [name, *filter(None, [_ALSO.get(name)])]
    return [one for one in names if any(words.same_name(one, other) for other in wanted)]


def _distinct(tx: Session, column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]) -> list[str]:
    """Every value once, in order."""
    return list(tx.execute(_walk(column, *conditions)).scalars())


@cache
def _names() -> tuple[Select[str], ...]:
    return _walk(FacetTable.name), _walk(VideoFieldTable.name)


def _walk(column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]) -> Select[str]:
    """The index is asked for the next value each time, instead of being read through."""
    walk = select(func.min(column).label("value")).where(*conditions).cte(recursive=True)
    following = select(func.min(column)).where(column > walk.c.value, *conditions).scalar_subquery()
    walk = walk.union_all(select(following).where(walk.c.value.is_not(None)))
    return select(walk.c.value).where(walk.c.value.is_not(None))
