"""Which file of a video to read from, and whether it is still the one that was looked at."""

import os
from dataclasses import dataclass
from pathlib import Path

from indexer.domain import Reading, VideoId, path_text
from indexer.errors import MediaFailed
from indexer.ingest.presence import presence
from indexer.ingest.stages import Source
from indexer.media import FoundFile
from indexer.store import Database, roots, videos


class ShareAway(Exception):
    """The disk or share of every file of a video is not there now; the message says which."""


@dataclass(frozen=True, slots=True)
class Material:
    """A file of a video that can be read now, with the content that was looked at."""

    file: FoundFile
    stream_index: int
    reading: Reading

    @property
    def source(self) -> Source:
        return Source(self.file.path, self.stream_index, self.reading)

    def refuse_changed(self) -> None:
        """A file is opened more than once: what is written of it must be of one content. Raises `MediaFailed`."""
        refuse_changed(self.file)


def find_material(database: Database, video: VideoId) -> Material:
    """Raises `ShareAway`, or `MediaFailed`: `vanished`, or `changed` where there is a file with other content now."""
    with database.read() as tx:
        files = videos.files_of(tx, video)
        decoded = videos.decoded(tx, video)
    for _, file in files:
        if _stamp(file.path) == (file.size, file.mtime_ns):
            found = FoundFile(file.path, file.size, file.mtime_ns)
            return Material(found, file.stream_index, decoded.reading if decoded else "fast")
    places = [presence(file.path, root.path) for root, file in files]
    if "there" in places:
        raise _changed()
    if "away" in places:
        root = next(root for (root, _), place in zip(files, places, strict=True) if place == "away")
        raise ShareAway(f"{path_text(root.path)} is away")
    raise MediaFailed("vanished", "the file was there and is gone; add it again when it is back")


def require_share(database: Database, path: Path) -> None:
    """Raises `ShareAway` where a file is not there because the disk or share it lies on is not."""
    if os.path.lexists(path):
        return
    with database.read() as tx:
        root = roots.around(tx, path.parent)
    if root is not None and presence(path, root.path) == "away":
        raise ShareAway(f"{path_text(root.path)} is away")


def away_now(database: Database, path: Path | None, video: VideoId | None) -> ShareAway | None:
    """Whether what was being read (a file, or whatever file of a video) lies on a disk or share that is away: then an
    error of reading it says nothing about it."""
    try:
        if path is not None:
            require_share(database, path)
        elif video is not None:
            find_material(database, video)
    except ShareAway as away:
        return away
    except MediaFailed:
        return None
    return None


def refuse_changed(file: FoundFile) -> None:
    """Raises `MediaFailed` where `file` is gone, or is not as it was found."""
    stamp = _stamp(file.path)
    if stamp is None:
        raise MediaFailed("vanished", "the file was there and is gone; add it again when it is back")
    if stamp != (file.size, file.mtime_ns):
        raise _changed()


def _changed() -> MediaFailed:
    return MediaFailed("changed", "the file changed while it was read; add it again when nothing writes to it")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
