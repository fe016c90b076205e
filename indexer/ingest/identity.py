"""Which video is this file? Recognised by content: a moved file is the same video, a copy is a second place of it."""

from dataclasses import dataclass
from pathlib import Path

from indexer import media
from indexer.domain import Fingerprint, VideoId
from indexer.media import FoundFile
from indexer.store import Database, Transaction, videos


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose video is in the library already."""

    video: VideoId
    complete: bool
    reason: str  # unchanged | moved | copy
    message: str


@dataclass(frozen=True, slots=True)
class New:
    """A file whose content the library has not seen."""

    fingerprint: Fingerprint


def identify(database: Database, file: FoundFile) -> Known | New:
    """Look the file up by place, then by content; a new place of known content is recorded at once."""
    with database.write() as tx:
        root, relative_path = place(tx, file.path)
        there = videos.location_at(tx, root=root, relative_path=relative_path)
        if there and (there.size, there.mtime_ns) == (file.size, file.mtime_ns):
            videos.set_online(tx, root, relative_path, online="yes")
            return _known(tx, there.video, "unchanged", "already indexed")
    fingerprint = media.fingerprint(file.path)
    with database.write() as tx:
        video = videos.find(tx, fingerprint)
        if video is None:
            return New(fingerprint)
        reason, message = _settle(tx, video, file)
        return _known(tx, video, reason, message)


def place(tx: Transaction, path: Path) -> tuple[videos.Root, Path]:
    """The registered root a path lies in (its own folder becomes one where none does), and the path inside it."""
    absolute = path.parent.resolve() / path.name
    root = videos.root_of(tx, absolute) or videos.add_root(tx, absolute.parent)
    return root, absolute.relative_to(root.path)


def record_place(tx: Transaction, video: VideoId, file: FoundFile, *, stream_index: int = 0) -> None:
    root, relative_path = place(tx, file.path)
    videos.put_location(
        tx,
        video,
        root=root,
        relative_path=relative_path,
        stream_index=stream_index,
        size=file.size,
        mtime_ns=file.mtime_ns,
    )


def _settle(tx: Transaction, video: VideoId, file: FoundFile) -> tuple[str, str]:
    """Record `file` as a place of `video`; where every other place is gone, it has moved."""
    others = [location for location in videos.load(tx, [video])[0].locations if location.path != file.path]
    record_place(tx, video, file)
    gone = [location for location in others if not location.path.exists()]
    for location in gone:
        videos.drop_location(tx, video, location)
    if gone and len(gone) == len(others):
        return "moved", f"moved here from {gone[0].path}"
    if others:
        return "copy", f"a copy of {others[0].path}"
    return "unchanged", "already indexed"


def _known(tx: Transaction, video: VideoId, reason: str, message: str) -> Known:
    return Known(video, videos.load(tx, [video])[0].complete, reason, message)
