"""What of a video itself is searched by words: its title, the names of its files, its fields, the day it was shot."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.store import words
from indexer.store.row_lists import insert_into, rows_in
from indexer.store.tables import LocationTable, VideoFieldTable, VideoTable, VideoTextTable


def refresh_video_texts(tx: Session, video_rows: Iterable[int]) -> None:
    """Index these videos' names and fields anew; to be called whenever any of them changed."""
    values = [{"video_row": row, **indexed} for row, indexed in indexed_texts(tx, video_rows).items()]
    if values:
        insertion = insert_into(tx, VideoTextTable)
        changed = {name: insertion.excluded[name] for name in ("tokens", "words", "trigrams")}
        tx.execute(insertion.on_conflict_do_update(index_elements=["video_row"], set_=changed), values)


def indexed_texts(tx: Session, video_rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """{video row: what `video_text` is to hold of it, by column}."""
    listed = sorted(set(video_rows))
    some = rows_in(tx, listed)
    parts: dict[int, list[str]] = {row: [] for row in listed}
    for row, title, recorded_at in tx.execute(
        select(VideoTable.row, VideoTable.title, VideoTable.recorded_at).where(VideoTable.row.in_(some))
    ):
        parts[row] += [title, (recorded_at or "")[:10]]
    for row, path in tx.execute(
        select(LocationTable.video_row, LocationTable.relative_text)
        .where(LocationTable.video_row.in_(some))
        .order_by(LocationTable.row)
    ):
        parts[row].append(path.rpartition("/")[2])
    for row, value in tx.execute(
        select(VideoFieldTable.video_row, VideoFieldTable.value)
        .where(VideoFieldTable.video_row.in_(some))
        .order_by(VideoFieldTable.name)
    ):
        parts[row].append(value)
    return {row: _indexed(some) for row, some in parts.items()}


def _indexed(parts: list[str]) -> dict[str, str]:
    distinct = [part for part in dict.fromkeys(parts) if part]
    return {
        "tokens": f" {words.BREAK} ".join(filter(None, (words.index_text(part) for part in distinct))),
        "words": words.surface_words("\n".join(distinct)),
        "trigrams": " ".join(gram for part in distinct for gram in words.trigrams(part)),
    }
