"""Hashes of whole files: which files have one, what they were, and what came of comparing. One entry a file, however
many videos its streams are."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import VideoId
from indexer.store.roots import Root, row_of_root
from indexer.store.row_lists import texts_in
from indexer.store.tables import LocationTable, RootTable, VideoTable
from indexer.store.work_tables import WorkUnitTable as Unit

Compared = Literal["intact", "changed", "unreadable"]
_READ_AT = func.coalesce(LocationTable.checked_at, LocationTable.hashed_at)


@dataclass(frozen=True, slots=True)
class FixityFile:
    """A file that is known, and its hash if there is one. Times are ISO 8601, UTC."""

    place: int  # names it inside this database
    video: VideoId
    title: str
    path: Path
    root: Path
    size: int  # as it was when it was last looked at
    mtime_ns: int
    media_us: int  # how long its video is, as far as that is known
    sha256: str | None = None
    hashed_at: str | None = None
    checked_at: str | None = None
    compared: Compared | None = None  # at `checked_at`


@dataclass(frozen=True, slots=True)
class FixityCounts:
    files: int  # known, and not noted as gone
    hashed: int
    changed: int  # of the hashed ones, as last compared
    unreadable: int
    oldest: str | None  # since when every other hashed file has been read and was as recorded


def unhashed(tx: Session, video: VideoId | None = None) -> list[FixityFile]:
    """Files without a hash, of one video or of all; those noted as gone left out."""
    which = and_(LocationTable.sha256.is_(None), LocationTable.online, _is_first_stream())
    return _files(tx, which if video is None else which & (VideoTable.id == video))


def hashed(
    tx: Session, *, videos: Collection[VideoId] = (), root: Root | None = None, since: str | None = None
) -> list[FixityFile]:
    """Files with a hash (of these videos, in this root, if any are named), those that were read longest ago first; with
    `since`, less those that were read since that moment."""
    which = LocationTable.sha256.is_not(None) & _is_first_stream()
    if videos:
        which = which & VideoTable.id.in_(texts_in(tx, videos))
    if root is not None:
        which = which & (LocationTable.root_row == row_of_root(tx, root))
    if since is not None:
        which = which & _READ_AT.op("<")(since)
    return _files(tx, which)


def changed_or_unreadable(tx: Session) -> list[FixityFile]:
    """Files that were not as recorded when they were last compared."""
    return _files(tx, LocationTable.fixity.in_(("changed", "unreadable")) & _is_first_stream())


def file_at(tx: Session, place: int) -> FixityFile | None:
    return next(iter(_files(tx, LocationTable.row == place)), None)


def counts(tx: Session) -> FixityCounts:
    columns = (LocationTable.sha256, LocationTable.fixity, LocationTable.online, _READ_AT.label("read_at"))
    known = select(*columns).where(_is_first_stream()).subquery()
    bad = known.c.fixity.in_(("changed", "unreadable"))
    told = tx.execute(
        select(
            func.count().filter(known.c.online),
            func.count(known.c.sha256),
            func.count().filter(known.c.fixity == "changed"),
            func.count().filter(known.c.fixity == "unreadable"),
            func.min(known.c.read_at).filter(known.c.sha256.is_not(None), known.c.fixity.is_(None) | ~bad),
        )
    ).one()
    return FixityCounts(*told)


def note_hash(tx: Session, file: FixityFile, sha256: str) -> None:
    """Record the hash of a file that was, while it was read, as `file` says. Where the library knows another file at
    this place by now, nothing is recorded."""
    facts = {"sha256": sha256, "hashed_at": _now(), "checked_at": None, "fixity": None}
    same = (LocationTable.size == file.size, LocationTable.mtime_ns == file.mtime_ns)
    tx.execute(update(LocationTable).where(_at(file.place), *same).values(**facts))


def note_comparison(tx: Session, file: FixityFile, compared: Compared) -> None:
    """Note what came of comparing a file with its hash; nothing where it has another hash by now, or none."""
    facts = {"fixity": compared, "checked_at": _now()}
    tx.execute(update(LocationTable).where(_at(file.place), LocationTable.sha256 == file.sha256).values(**facts))


def withdraw(tx: Session) -> None:
    """Take away what waits to be hashed."""
    tx.execute(delete(Unit).where(Unit.stage == "fixity", Unit.state == "waiting"))


def _at(place: int) -> ColumnElement[bool]:
    """All streams of the file of which `place` is one."""
    columns = (LocationTable.root_row, LocationTable.relative_path)
    root_row, relative_path = (select(column).where(LocationTable.row == place).scalar_subquery() for column in columns)
    return and_(columns[0] == root_row, columns[1] == relative_path)


def _is_first_stream() -> ColumnElement[bool]:
    firsts = select(func.min(LocationTable.row)).group_by(LocationTable.root_row, LocationTable.relative_path)
    return LocationTable.row.in_(firsts)


def _files(tx: Session, which: ColumnElement[bool]) -> list[FixityFile]:
    query = (
        select(LocationTable, VideoTable, RootTable.path)
        .join(VideoTable, VideoTable.row == LocationTable.video_row)
        .join(RootTable, RootTable.row == LocationTable.root_row)
        .where(which)
        .order_by(_READ_AT, LocationTable.row)
    )
    return [_file(location, video, root) for location, video, root in tx.execute(query)]


def _file(location: LocationTable, video: VideoTable, root: bytes) -> FixityFile:
    folder = Path(os.fsdecode(root))
    return FixityFile(
        place=location.row,
        video=VideoId(video.id),
        title=video.title,
        path=folder / os.fsdecode(location.relative_path),
        root=folder,
        size=location.size,
        mtime_ns=location.mtime_ns,
        media_us=video.duration_us or video.claimed_duration_us or 0,
        sha256=location.sha256,
        hashed_at=location.hashed_at,
        checked_at=location.checked_at,
        compared=location.fixity,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
