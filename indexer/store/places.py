"""Where the files of videos lie: places inside registered folders."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Select, and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Location, VideoId, path_text
from indexer.errors import UsageError
from indexer.store.roots import Root, named, row_of_root
from indexer.store.row_lists import Dialect, bound, dialect_of, insert_into, rows_bound
from indexer.store.tables import FingerprintTable, LocationTable, RootTable, VideoTable
from indexer.store.video_texts import refresh_video_texts

# What is noted of a file's bytes.
_HASH = ("sha256", "hashed_at", "checked_at", "fixity")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was last looked at."""

    video: VideoId
    path: Path
    relative_path: Path
    size: int
    mtime_ns: int
    stream_index: int
    online: bool


def put_location(  # noqa: PLR0913 (the six facts that make a location)
    tx: Session, video: VideoId, *, root: Root, relative_path: Path, stream_index: int, size: int, mtime_ns: int
) -> None:
    """Record a file of `video`. What was recorded at that place before is replaced: the file there is another now."""
    video_row = row_of(tx, video)
    place = {
        "root_row": row_of_root(tx, root),
        "relative_path": os.fsencode(relative_path),
        "stream_index": stream_index,
    }
    there = and_(*(getattr(LocationTable, name) == value for name, value in place.items()))
    before = tx.execute(select(LocationTable.video_row).where(there)).scalar()
    facts = {"video_row": video_row, "size": size, "mtime_ns": mtime_ns, "online": True}
    insertion = insert_into(tx, LocationTable).values(**place, **facts, relative_text=path_text(relative_path))
    is_same = (LocationTable.size == size) & (LocationTable.mtime_ns == mtime_ns)
    of_the_bytes = {name: case((is_same, getattr(LocationTable, name)), else_=None) for name in _HASH}
    tx.execute(insertion.on_conflict_do_update(index_elements=list(place), set_=facts | of_the_bytes))
    refresh_video_texts(tx, {video_row} | ({before} if before is not None else set()))


def clear_place(tx: Session, *, root: Root, relative_path: Path) -> list[VideoId]:
    """Forget which videos the file at this place held: it is another now. Returns them; they stay in the library."""
    there = (
        LocationTable.root_row == row_of_root(tx, root),
        LocationTable.relative_path == os.fsencode(relative_path),
    )
    query = select(VideoTable.row, VideoTable.id).join(LocationTable, LocationTable.video_row == VideoTable.row)
    held = dict(tx.execute(query.where(*there).order_by(LocationTable.stream_index)).all())
    tx.execute(delete(LocationTable).where(*there))
    refresh_video_texts(tx, held)
    return [VideoId(video) for video in held.values()]


def drop_location(tx: Session, video: VideoId, location: Location) -> None:
    """Forget a file of `video`; the video stays, with whatever other files it has. A hash goes where the file went."""
    video_row = row_of(tx, video)
    root = named(tx, location.root)
    there = (
        LocationTable.video_row == video_row,
        LocationTable.root_row == row_of_root(tx, root),
        LocationTable.relative_path == os.fsencode(location.path.relative_to(root.path)),
    )
    known = tx.execute(select(LocationTable.size, LocationTable.sha256, LocationTable.hashed_at).where(*there)).first()
    tx.execute(delete(LocationTable).where(*there))
    if known is not None and known.sha256 is not None:
        _hand_on(tx, video_row, size=known.size, sha256=known.sha256, hashed_at=known.hashed_at)
    refresh_video_texts(tx, {video_row})


def location_at(tx: Session, *, root: Root, relative_path: Path) -> KnownFile | None:
    """What was last known of the file at this place: of its first stream, where it has several."""
    return next(iter(_files(tx, root, only=relative_path)), None)


def known_files(tx: Session, root: Root) -> list[KnownFile]:
    """Every file known in `root`, in order of its path; one entry a stream."""
    return _files(tx, root)


def files_of(tx: Session, video: VideoId) -> list[tuple[Root, KnownFile]]:
    """The files of a video, each with the registered folder it lies in, in the order they were added."""
    query = (
        select(LocationTable, RootTable.name, RootTable.path)
        .join(RootTable, RootTable.row == LocationTable.root_row)
        .where(LocationTable.video_row == row_of(tx, video))
        .order_by(LocationTable.row)
    )
    found = []
    for location, name, path in tx.execute(query):
        root = Root(name, Path(os.fsdecode(path)))
        found.append((root, _known_file(root, video, location)))
    return found


def set_online(tx: Session, root: Root, relative_path: Path, *, online: Literal["yes", "no"]) -> None:
    """Note whether the file at this place can be read."""
    tx.execute(
        update(LocationTable)
        .where(
            LocationTable.root_row == row_of_root(tx, root),
            LocationTable.relative_path == os.fsencode(relative_path),
        )
        .values(online=online == "yes")
    )


def locations_of(tx: Session, video_rows: Iterable[int]) -> dict[int, tuple[Location, ...]]:
    """{video row: its files, in the order they were added}."""
    found: dict[int, list[Location]] = {}
    rows = tx.execute(_locations(dialect_of(tx)), bound(tx, video_rows))
    for video_row, relative, text, online, stream_index, name, root in rows:
        path = Path(os.fsdecode(root)) / os.fsdecode(relative)
        found.setdefault(video_row, []).append(Location(path, online, name, text, stream_index))
    return {video_row: tuple(locations) for video_row, locations in found.items()}


def row_of(tx: Session, video: VideoId) -> int:
    """Raises `UsageError` for a video that is not in the library."""
    row = tx.execute(select(VideoTable.row).where(VideoTable.id == video)).scalar()
    if row is None:
        raise UsageError(f"there is no video {video!r} in this library; `shotlist videos` lists them")
    return row


def _hand_on(tx: Session, video_row: int, *, size: int, sha256: str, hashed_at: str | None) -> None:
    """Let the newest file of a video that has no hash inherit one, where their content must be the same: so a later
    check finds what was damaged on the way."""
    contents = (FingerprintTable.video_row == video_row, FingerprintTable.size == size)
    if tx.execute(select(func.count()).where(*contents)).scalar_one() != 1:
        return
    heirs = (LocationTable.video_row == video_row, LocationTable.size == size, LocationTable.sha256.is_(None))
    newest = select(func.max(LocationTable.row)).where(*heirs).scalar_subquery()
    tx.execute(update(LocationTable).where(LocationTable.row == newest).values(sha256=sha256, hashed_at=hashed_at))


@cache
def _locations(dialect: Dialect) -> Select[int, bytes, str, bool, int, str, bytes]:
    return (
        select(
            LocationTable.video_row,
            LocationTable.relative_path,
            LocationTable.relative_text,
            LocationTable.online,
            LocationTable.stream_index,
            RootTable.name,
            RootTable.path,
        )
        .join(RootTable, RootTable.row == LocationTable.root_row)
        .where(LocationTable.video_row.in_(rows_bound(dialect)))
        .order_by(LocationTable.row)
    )


def _files(tx: Session, root: Root, *, only: Path | None = None) -> list[KnownFile]:
    query = (
        select(VideoTable.id, LocationTable)
        .join(LocationTable, LocationTable.video_row == VideoTable.row)
        .where(LocationTable.root_row == row_of_root(tx, root))
        .order_by(LocationTable.relative_path, LocationTable.stream_index)
    )
    if only is not None:
        query = query.where(LocationTable.relative_path == os.fsencode(only))
    return [_known_file(root, VideoId(video), location) for video, location in tx.execute(query)]


def _known_file(root: Root, video: VideoId, location: LocationTable) -> KnownFile:
    relative = Path(os.fsdecode(location.relative_path))
    return KnownFile(
        video=video,
        path=root.path / relative,
        relative_path=relative,
        size=location.size,
        mtime_ns=location.mtime_ns,
        stream_index=location.stream_index,
        online=location.online,
    )
