"""What of a video itself is searched by words: its title, the names of its files, its tags, its other fields and the
day it was shot."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from indexer.store import words
from indexer.store.row_lists import Dialect, bound, dialect_of, insert_into, rows_bound, rows_in
from indexer.store.tables import LocationTable, VideoFieldTable, VideoTable, VideoTextTable

TAGS = "tags"  # the name of their field among what is stated of a video


class Names(NamedTuple):
    """The tokens of what a video is called, by field."""

    title: str
    file_names: str
    tags: str
    fields: str


def names_of(tx: Session, video_rows: Iterable[int]) -> dict[int, Names]:
    """{video row: what it is called}; rows that are gone are left out."""
    found = tx.execute(_names(dialect_of(tx)), bound(tx, video_rows))
    return {row: Names(*fields) for row, *fields in found}


def refresh_video_texts(tx: Session, video_rows: Iterable[int]) -> None:
    """Index these videos' names and fields anew; to be called whenever any of them changed."""
    values = [{"video_row": row, **indexed} for row, indexed in indexed_texts(tx, video_rows).items()]
    if values:
        insertion = insert_into(tx, VideoTextTable)
        changed = {name: insertion.excluded[name] for name in (*Names._fields, "words", "trigrams")}
        tx.execute(insertion.on_conflict_do_update(index_elements=["video_row"], set_=changed), values)


def indexed_texts(tx: Session, video_rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """{video row: what `video_text` is to hold of it, by column}."""
    listed = sorted(set(video_rows))
    some = rows_in(tx, listed)
    parts: dict[int, dict[str, list[str]]] = {row: {field: [] for field in Names._fields} for row in listed}
    for row, title, recorded_at in tx.execute(
        select(VideoTable.row, VideoTable.title, VideoTable.recorded_at).where(VideoTable.row.in_(some))
    ):
        parts[row]["title"].append(title)
        parts[row]["fields"].append((recorded_at or "")[:10])
    for row, path in tx.execute(
        select(LocationTable.video_row, LocationTable.relative_text)
        .where(LocationTable.video_row.in_(some))
        .order_by(LocationTable.row)
    ):
        parts[row]["file_names"].append(path.rpartition("/")[2])
    for row, name, value in tx.execute(
        select(VideoFieldTable.video_row, VideoFieldTable.name, VideoFieldTable.value)
        .where(VideoFieldTable.video_row.in_(some))
        .order_by(VideoFieldTable.name)
    ):
        parts[row]["tags" if name == TAGS else "fields"].append(value)
    return {row: _indexed(some) for row, some in parts.items()}


def _indexed(parts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    distinct = list(dict.fromkeys(part for some in parts.values() for part in some if part))
    return {
        **{field: _tokens(some) for field, some in parts.items()},
        "words": words.surface_words("\n".join(distinct)),
        "trigrams": " ".join(gram for part in distinct for gram in words.trigrams(part)),
    }


def _tokens(parts: Sequence[str]) -> str:
    """No phrase runs from one part into the next."""
    return f" {words.BREAK} ".join(filter(None, map(words.index_text, dict.fromkeys(parts))))


@cache
def _names(dialect: Dialect) -> Select[int, str, str, str, str]:
    columns = (VideoTextTable.title, VideoTextTable.file_names, VideoTextTable.tags, VideoTextTable.fields)
    return select(VideoTextTable.video_row, *columns).where(VideoTextTable.video_row.in_(rows_bound(dialect)))
