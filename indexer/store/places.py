"""Where the files of videos lie: places inside registered folders."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from indexer.domain import Location, VideoId, path_text
from indexer.errors import UsageError
from indexer.store.roots import Root, named, row_of_root
from indexer.store.row_lists import insert_into, rows_in
from indexer.store.tables import LocationTable, RootTable, VideoTable
from indexer.store.video_texts import refresh_video_texts


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
    tx.execute(insertion.on_conflict_do_update(index_elements=list(place), set_=facts))
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
    """Forget a file of `video`; the video stays, with whatever other files it has."""
    video_row = row_of(tx, video)
    root = named(tx, location.root)
    relative_path = os.fsencode(location.path.relative_to(root.path))
    tx.execute(
        delete(LocationTable).where(
            LocationTable.video_row == video_row,
            LocationTable.root_row == row_of_root(tx, root),
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
            LocationTable.root_row == row_of_root(tx, root),
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
            LocationTable.stream_index,
            RootTable.name,
            RootTable.path,
        )
        .join(RootTable, RootTable.row == LocationTable.root_row)
        .where(LocationTable.video_row.in_(rows_in(tx, video_rows)))
        .order_by(LocationTable.row)
    )
    for video_row, relative, text, online, stream_index, name, root in rows:
        path = Path(os.fsdecode(root)) / os.fsdecode(relative)
        found.setdefault(video_row, []).append(Location(path, online, name, text, stream_index))
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
        .where(LocationTable.root_row == row_of_root(tx, root))
        .order_by(LocationTable.relative_path, LocationTable.stream_index)
    )
    if only is not None:
        query = query.where(LocationTable.relative_path == os.fsencode(only))
    files = []
    for video, location in tx.execute(query):
        relative = Path(os.fsdecode(location.relative_path))
        files.append(
            KnownFile(
                video=VideoId(video),
                path=root.path / relative,
                relative_path=relative,
                size=location.size,
                mtime_ns=location.mtime_ns,
                stream_index=location.stream_index,
                online=location.online,
            )
        )
    return files
