"""What became of files and of units: how each file fared, what ended without its result and why, what is worked now."""

import base64
import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from indexer.domain import FailedUnit, FileReport, Stage, VideoId, path_text
from indexer.store.jobs import OPEN
from indexer.store.row_lists import rows_in, texts_in
from indexer.store.tables import LocationTable, RootTable, SegmentationSegmentTable, SegmentationTable, VideoTable
from indexer.store.work_tables import WorkUnitTable as Unit

_ENDED_BADLY = ("refused", "failed")


def file_reports(
    tx: Session, rows: Collection[int], *, able: Collection[str] | None = None
) -> dict[int, FileReport | None]:
    """How these files fared, by the rows of their `looking` units: None where something but fixity is still to end.
    With `able`, captions by other captioners than these are not waited for.

    A file is refused or failed for the first of its units that ended so since it was asked for; else skipped, where
    looking at it said so; else indexed.
    """
    still = _still_open(tx, rows, able)
    ended = {unit.row: unit for unit in _units(tx, set(rows) - still)}
    units: dict[int, list[Unit]] = {row: [unit] for row, unit in ended.items()}
    following = select(Unit).where(Unit.file_row.in_(rows_in(tx, ended)), Unit.stage != "fixity")
    for unit in tx.execute(following.order_by(Unit.ended_us, Unit.row)).scalars():
        asked = ended[cast("int", unit.file_row)]
        if (unit.ended_us or 0) >= asked.queued_us:  # else it is of an earlier time that the file was looked at
            units[asked.row].append(unit)
    videos = _videos(tx, {row for row in (_video_row(of_file) for of_file in units.values()) if row is not None})
    return dict.fromkeys(rows) | {row: _report(of_file, videos) for row, of_file in units.items()}


def failed_units(tx: Session, *, limit: int, offset: int = 0) -> list[FailedUnit]:
    """What ended without its result, by state and reason, the latest first."""
    query = select(Unit).where(Unit.state.in_(_ENDED_BADLY))
    ordered = query.order_by(Unit.state, Unit.reason, Unit.ended_us.desc(), Unit.row).limit(limit).offset(offset)
    units = list(tx.execute(ordered).scalars())
    names = names_of(tx, [unit.row for unit in units])
    return [
        FailedUnit(
            unit=unit.row,
            stage=cast("Stage", unit.stage),
            state=cast("Literal['refused', 'failed']", unit.state),
            video=names[unit.row][0],
            path=names[unit.row][1],
            title=names[unit.row][2],
            reason=unit.reason or "unknown",
            message=unit.message,
        )
        for unit in units
    ]


def failed_rows(tx: Session, *, video: VideoId | None = None, units: Collection[int] | None = None) -> set[int]:
    """Of these units, or of a video's, the ones that ended without their result."""
    query = select(Unit.row).where(Unit.state.in_(_ENDED_BADLY))
    if video is not None:
        query = query.join(VideoTable, VideoTable.row == Unit.video_row).where(VideoTable.id == video)
    if units is not None:
        query = query.where(Unit.row.in_(rows_in(tx, units)))
    return set(tx.execute(query).scalars())


def names_of(tx: Session, rows: Collection[int]) -> dict[int, tuple[VideoId | None, Path | None, str]]:
    """What units are about: the video, a file of it (the one it was looked at as, if any), and a title for people."""
    units = {unit.row: unit for unit in _units(tx, rows)}
    files = {unit.row: unit for unit in _units(tx, {unit.file_row for unit in units.values() if unit.file_row})}
    of_videos = {unit.video_row for unit in units.values() if unit.video_row}
    titles = dict(
        tx.execute(select(VideoTable.row, VideoTable.title).where(VideoTable.row.in_(rows_in(tx, of_videos)))).all()
    )
    ids = dict(
        tx.execute(select(VideoTable.row, VideoTable.id).where(VideoTable.row.in_(rows_in(tx, of_videos)))).all()
    )
    places = _places(tx, of_videos)
    found: dict[int, tuple[VideoId | None, Path | None, str]] = {}
    for row, unit in units.items():
        path = _path_in(unit) or _path_in(files.get(unit.file_row or 0)) or places.get(unit.video_row or 0)
        video = ids.get(unit.video_row or 0)
        title = titles.get(unit.video_row or 0) or (path_text(path.name) if path else unit.stage)
        found[row] = (None if video is None else VideoId(video), path, title)
    return found


def _still_open(tx: Session, rows: Collection[int], able: Collection[str] | None) -> set[int]:
    listed = rows_in(tx, rows)
    is_open: ColumnElement[bool] = Unit.state.in_(OPEN)
    if able is not None:
        is_open &= Unit.captioner.is_(None) | Unit.captioner.in_(texts_in(tx, able))
    themselves = select(Unit.row).where(Unit.row.in_(listed), is_open)
    following = select(Unit.file_row).where(Unit.file_row.in_(listed), is_open, Unit.stage != "fixity")
    asked = aliased(Unit)  # a copy of a file waits for what is done to the video of both
    shared = (
        select(asked.row)
        .join(Unit, Unit.video_row == asked.video_row)
        .where(asked.row.in_(listed), is_open, Unit.stage.not_in(("looking", "fixity")))
    )
    return set(tx.execute(themselves.union(following, shared)).scalars())


def _units(tx: Session, rows: Iterable[int]) -> list[Unit]:
    return list(tx.execute(select(Unit).where(Unit.row.in_(rows_in(tx, rows)))).scalars())


def _video_row(units: list[Unit]) -> int | None:
    return next((unit.video_row for unit in units if unit.video_row is not None), None)


def _videos(tx: Session, rows: Collection[int]) -> dict[int, tuple[VideoId, int | None, int]]:
    """{row: (id, duration in us, segments)} of videos."""
    listing = (SegmentationTable.video_row == VideoTable.row) & SegmentationTable.active
    listed = SegmentationSegmentTable.segmentation_row == SegmentationTable.row
    query = select(
        VideoTable.row, VideoTable.id, VideoTable.duration_us, func.count(SegmentationSegmentTable.segment_row)
    )
    query = query.outerjoin(SegmentationTable, listing).outerjoin(SegmentationSegmentTable, listed)
    query = query.where(VideoTable.row.in_(rows_in(tx, rows)))
    grouped = tx.execute(query.group_by(VideoTable.row, VideoTable.id, VideoTable.duration_us))
    return {row: (VideoId(id_), duration_us, int(segments)) for row, id_, duration_us, segments in grouped}


def _report(units: list[Unit], videos: dict[int, tuple[VideoId, int | None, int]]) -> FileReport:
    """`units`: the one that looked at the file, then those that followed, by the time at which they ended."""
    looking = units[0]
    path = _path_in(looking) or Path()
    bad = next((unit for unit in units if unit.state in _ENDED_BADLY), None)
    results: list[dict[str, Any]] = [json.loads(unit.result) for unit in units]
    warnings = tuple(dict.fromkeys(str(one) for result in results for one in result.get("warnings", ())))
    row = _video_row(units)
    video, duration_us, segments = videos.get(row or 0, (None, None, 0))
    if bad is not None:
        state = cast("Literal['refused', 'failed']", bad.state)
        return FileReport(path, state, bad.reason or "unknown", bad.message, warnings=warnings, video=video)
    if results[0].get("state") == "skipped":
        reason, message = results[0].get("reason"), str(results[0].get("message", ""))
        return FileReport(path, "skipped", reason, message, warnings=warnings, video=video)
    return FileReport(path, "indexed", warnings=warnings, video=video, duration_us=duration_us, segments=segments)


def _path_in(unit: Unit | None) -> Path | None:
    """The file a unit names, as its bytes."""
    raw = None if unit is None else json.loads(unit.payload).get("path_bytes")
    return None if raw is None else Path(os.fsdecode(base64.b64decode(raw)))


def _places(tx: Session, videos: Collection[int]) -> dict[int, Path]:
    """A file of each of these videos, one that is there where there is one."""
    query = select(LocationTable.video_row, RootTable.path, LocationTable.relative_path)
    query = query.join(RootTable, RootTable.row == LocationTable.root_row)
    found = query.where(LocationTable.video_row.in_(rows_in(tx, videos))).order_by(
        LocationTable.online, LocationTable.row.desc()
    )
    return {row: Path(os.fsdecode(root)) / os.fsdecode(relative) for row, root, relative in tx.execute(found)}
