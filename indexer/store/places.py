"""Where the files of videos lie: registered root folders, and locations inside them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from indexer.domain import Location, VideoId
from indexer.errors import UsageError
from indexer.store.row_lists import insert_into, rows_in
from indexer.store.tables import LocationTable, RootTable, VideoTable
from indexer.store.video_texts import refresh_video_texts


@dataclass(frozen=True, slots=True)
class Root:
    """A registered folder and the readable name locations know it by."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was last looked at."""

    video: VideoId
    path: Path
    relative_path: Path
    size: int
    mtime_ns: int
    online: bool


def add_root(tx: Session, path: Path) -> Root:
    """Register a folder (absolute path) under a name of its own, taken from the folder's; a known one stays."""
    encoded = os.fsencode(path)
    known = tx.execute(select(RootTable.name).where(RootTable.path == encoded)).scalar()
    if known is not None:
        return Root(known, path)
    if not path.is_absolute():
        raise UsageError(f"a root folder needs its full path, not {path}")
    text = _display(path)
    wanted = _display(Path(path.name)) or text
    taken = set(tx.execute(select(RootTable.name)).scalars())
    name = wanted
    number = 2
    while name in taken:
        name = f"{wanted} {number}"
        number += 1
    tx.execute(insert_into(tx, RootTable).values(name=name, path=encoded, path_text=text))
    return Root(name, path)


def roots(tx: Session) -> list[Root]:
    """Every registered folder, by name."""
    found = tx.execute(select(RootTable.name, RootTable.path))
    return sorted((Root(name, Path(os.fsdecode(path))) for name, path in found), key=lambda root: root.name)


def root_of(tx: Session, path: Path) -> Root | None:
    """The innermost registered folder that `path` (absolute) is or lies in."""
    around = [root for root in roots(tx) if path.is_relative_to(root.path)]
    return max(around, key=lambda root: len(root.path.parts), default=None)


def put_location(  # noqa: PLR0913 (the six facts that make a location)
    tx: Session, video: VideoId, *, root: Root, relative_path: Path, stream_index: int, size: int, mtime_ns: int
) -> None:
    """Record a file of `video`. What was recorded at that place before is replaced: the file there is another now."""
    video_row = row_of(tx, video)
    place = {
        "root_row": _root_row(tx, root),
        "relative_path": os.fsencode(relative_path),
        "stream_index": stream_index,
    }
    there = and_(*(getattr(LocationTable, name) == value for name, value in place.items()))
    before = tx.execute(select(LocationTable.video_row).where(there)).scalar()
    facts = {"video_row": video_row, "size": size, "mtime_ns": mtime_ns, "online": True}
    insertion = insert_into(tx, LocationTable).values(**place, **facts, relative_text=_display(relative_path))
    tx.execute(insertion.on_conflict_do_update(index_elements=list(place), set_=facts))
    refresh_video_texts(tx, {video_row} | ({before} if before is not None else set()))


def drop_location(tx: Session, video: VideoId, location: Location) -> None:
    """Forget a file of `video`; the video stays, with whatever other files it has."""
    video_row = row_of(tx, video)
    root = next((root for root in roots(tx) if root.name == location.root), None)
    if root is None:
        raise UsageError(f"there is no registered folder {location.root}")
    relative_path = os.fsencode(location.path.relative_to(root.path))
    tx.execute(
        delete(LocationTable).where(
            LocationTable.video_row == video_row,
            LocationTable.root_row == _root_row(tx, root),
            LocationTable.relative_path == relative_path,
        )
    )
    refresh_video_texts(tx, {video_row})


def location_at(tx: Session, *, root: Root, relative_path: Path) -> KnownFile | None:
    """What was last known of the file at this place: of its first stream, where it has several."""
    return next(iter(_files(tx, root, only=relative_path)), None)


def known_files(tx: Session, root: Root) -> list[KnownFile]:
    """Every file known in `root`, in order of its path; one entry a stream."""
    return _files(tx, root)


def set_online(tx: Session, root: Root, relative_path: Path, *, online: Literal["yes", "no"]) -> None:
    """Note whether the file at this place can be read."""
    tx.execute(
        update(LocationTable)
        .where(
            LocationTable.root_row == _root_row(tx, root),
            LocationTable.relative_path == os.fsencode(relative_path),
        )
        .values(online=online == "yes")
    )


def locations_of(tx: Session, video_rows: Iterable[int]) -> dict[int, tuple[Location, ...]]:
    """{video row: its files, in the order they were added}."""
    found: dict[int, list[Location]] = {}
    rows = tx.execute(
        select(
            LocationTable.video_row,
            LocationTable.relative_path,
            LocationTable.relative_text,
            LocationTable.online,
            RootTable.name,
            RootTable.path,
        )
        .join(RootTable, RootTable.row == LocationTable.root_row)
        .where(LocationTable.video_row.in_(rows_in(tx, video_rows)))
        .order_by(LocationTable.row)
    )
    for video_row, relative, text, online, name, root in rows:
        path = Path(os.fsdecode(root)) / os.fsdecode(relative)
        found.setdefault(video_row, []).append(Location(path, online, name, text))
    return {video_row: tuple(locations) for video_row, locations in found.items()}


def row_of(tx: Session, video: VideoId) -> int:
    """Raises `UsageError` for a video that is not in the library."""
    row = tx.execute(select(VideoTable.row).where(VideoTable.id == video)).scalar()
    if row is None:
        raise UsageError(f"there is no video {video} in this library")
    return row


def _files(tx: Session, root: Root, *, only: Path | None = None) -> list[KnownFile]:
    query = (
        select(VideoTable.id, LocationTable)
        .join(LocationTable, LocationTable.video_row == VideoTable.row)
        .where(LocationTable.root_row == _root_row(tx, root))
        .order_by(LocationTable.relative_path, LocationTable.stream_index)
    )
    if only is not None:
        query = query.where(LocationTable.relative_path == os.fsencode(only))
    files = []
    for video, location in tx.execute(query):
        relative = Path(os.fsdecode(location.relative_path))
        files.append(
            KnownFile(VideoId(video), root.path / relative, relative, location.size, location.mtime_ns, location.online)
        )
    return files


def _root_row(tx: Session, root: Root) -> int:
    row = tx.execute(select(RootTable.row).where(RootTable.name == root.name)).scalar()
    if row is None:
        raise UsageError(f"there is no registered folder {root.name}")
    return row


def _display(path: Path) -> str:
    """A path as text for people: bytes that are no text are shown as replacement characters."""
    return "" if path == Path() else os.fsencode(path).decode("utf-8", "replace")
