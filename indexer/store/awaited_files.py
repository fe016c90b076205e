"""Videos of which only texts are known, waiting for their file: found by what these texts call them, and given it.

Names are compared by the caller: which letters are the same depends on the database. Here they are only narrowed down,
by letters and digits that every database takes for the same.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, func, select, true, update
from sqlalchemy.orm import Session

from indexer.domain import MediaInfo, VideoId
from indexer.store import videos
from indexer.store.import_tables import CueTable, ImportedTextTable
from indexer.store.imported_segments import RECIPE
from indexer.store.imported_videos import FILE_NAME, IDENTIFIER, REEL
from indexer.store.places import row_of
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import count
from indexer.store.tables import (
    CaptionTable,
    EditTable,
    LocationTable,
    RootTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    VideoFieldTable,
    VideoTable,
)
from indexer.store.work_queue import OPEN
from indexer.store.work_tables import WorkUnitTable


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A video of which only texts are known, and one of the names they give it."""

    video: VideoId
    name: str
    is_identifier: bool


class OtherFile(NamedTuple):
    """A file that the library knows, or was asked to look at."""

    path: str
    size: int


def awaiting(tx: Session, part: str) -> list[Awaiting]:
    """Those in whose names `part` stands, which is ASCII letters and digits of any case; all where it is empty."""
    named = (
        select(VideoTable.id, VideoFieldTable.value, VideoFieldTable.name)
        .join(VideoFieldTable, VideoFieldTable.video_row == VideoTable.row)
        .where(VideoFieldTable.name.in_((IDENTIFIER, FILE_NAME)), _holds(VideoFieldTable.value, part))
        .where(VideoTable.kind == "imported")
        .order_by(VideoTable.row, VideoFieldTable.name.desc())  # the identifier first
    )
    return [Awaiting(VideoId(id_), name, field == IDENTIFIER) for id_, name, field in tx.execute(named)]


def other_files(tx: Session, part: str) -> list[OtherFile]:
    """Files in whose paths `part` stands: of videos that no archive gave an identifier, and those waiting to be looked
    at."""
    identified = select(VideoFieldTable.video_row).where(VideoFieldTable.name == IDENTIFIER)
    known = (
        select(RootTable.path_text, LocationTable.relative_text, LocationTable.size)
        .join(RootTable, RootTable.row == LocationTable.root_row)
        .where(_holds(LocationTable.relative_text, part), LocationTable.video_row.not_in(identified))
        .order_by(LocationTable.row)
    )
    queued = (
        select(WorkUnitTable.payload, WorkUnitTable.bytes)
        .where(WorkUnitTable.stage == "looking", WorkUnitTable.state.in_(OPEN), _holds(WorkUnitTable.payload, part))
        .order_by(WorkUnitTable.row)
    )
    return [
        *(OtherFile(f"{root.rstrip('/')}/{below}", size) for root, below, size in tx.execute(known)),
        *(OtherFile(str(json.loads(payload)["path"]), size) for payload, size in tx.execute(queued)),
    ]


def videos_of_reel(tx: Session, reel: str) -> list[VideoId]:
    """Videos whose files state this reel."""
    query = (
        select(VideoTable.id)
        .join(VideoFieldTable, VideoFieldTable.video_row == VideoTable.row)
        .where(VideoFieldTable.name == REEL, VideoFieldTable.value == reel, VideoTable.kind == "file")
    )
    return [VideoId(one) for one in tx.execute(query.order_by(VideoTable.row)).scalars()]


def give_file(tx: Session, video: VideoId, info: MediaInfo, *, title: str) -> bool:
    """Let a video of which only texts were known be that of a file which states this: it is to be decoded. `title`
    takes the place of one that is only what its texts call it. False where it has a file by now."""
    waiting = (VideoTable.id == video, VideoTable.kind == "imported")
    if count(tx, update(VideoTable).where(*waiting).values(kind="file", complete=False)) != 1:
        return False
    stated = videos.fields(tx, video)
    before = tx.execute(select(VideoTable.title).where(VideoTable.id == video)).scalar_one()
    is_a_name = before in (stated.get(IDENTIFIER), stated.get(FILE_NAME))
    videos.set_facts(tx, video, info, title=title if is_a_name else None)
    return True


def texts_beyond(tx: Session, video: VideoId) -> int:
    """How many imported texts and lines end after the end of their video."""
    row = row_of(tx, video)
    length = select(VideoTable.duration_us).where(VideoTable.row == row).scalar_subquery()
    described = (
        select(func.count(ImportedTextTable.row))
        .join(SegmentTable, SegmentTable.row == ImportedTextTable.segment_row)
        .where(SegmentTable.video_row == row, _ends_after(SegmentTable.start_us, SegmentTable.end_us, length))
    )
    lines = select(func.count(CueTable.row)).where(
        CueTable.video_row == row, _ends_after(CueTable.start_us, CueTable.end_us, length)
    )
    return tx.execute(described).scalar_one() + tx.execute(lines).scalar_one()


def drop_listing(tx: Session, video: VideoId) -> None:
    """Take away what an imported video was searched by, once it has segments of its footage. Segments that somebody
    wrote about stay."""
    row, recipe = row_of(tx, video), recipe_rows(tx, [RECIPE])[RECIPE]
    listing = (SegmentationTable.video_row == row, SegmentationTable.recipe_row == recipe)
    if count(tx, delete(SegmentationTable).where(*listing)) == 0:
        return
    held: Sequence[ColumnElement[bool]] = [
        select(table.row).where(table.segment_row == SegmentTable.row).exists()
        for table in (CaptionTable, EditTable, ImportedTextTable)
    ]
    listed = select(SegmentationSegmentTable.ordinal).where(SegmentationSegmentTable.segment_row == SegmentTable.row)
    empty = (SegmentTable.video_row == row, ~listed.exists(), *(~one for one in held))
    tx.execute(delete(SegmentTable).where(*empty))


def _holds(text: SQLColumnExpression[str], part: str) -> ColumnElement[bool]:
    return func.lower(text).contains(part.lower()) if part else true()


def _ends_after(
    start: SQLColumnExpression[int], end: SQLColumnExpression[int | None], length: SQLColumnExpression[int | None]
) -> ColumnElement[bool]:
    return func.coalesce(end, start) > length
