"""Where each file of a library lies. A library is one folder: move it, copy it, back it up whole.

library.db          the truth: videos, segments, texts, vectors (SQLite; absent when a PostgreSQL URL is used)
keyframes/          JPEGs of segments, in folders by video       } caches: they can be made again
indexes/            vector index generations                     } from the database and the footage
clips/              clips cut for the player                     }
spool/              pictures of videos that are being indexed    }
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.domain import SegmentId, VideoId

UNFINISHED = ".tmp"  # ends the name of a file that is being written, or was when its writer died


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    root: Path

    @property
    def database_file(self) -> Path:
        return self.root / "library.db"

    @property
    def indexes(self) -> Path:
        return self.root / "indexes"

    @property
    def keyframes(self) -> Path:
        return self.root / "keyframes"

    @property
    def clips(self) -> Path:
        return self.root / "clips"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    def keyframe(self, video: VideoId, segment: SegmentId, ordinal: int = 0) -> Path:
        """`ordinal` 0: the picture that stands for the segment; the others differ from it."""
        return self.keyframes_of(video) / (f"{segment}-{ordinal + 1}.jpg" if ordinal else f"{segment}.jpg")

    def keyframes_of(self, video: VideoId) -> Path:
        return self.keyframes / video

    def clip(self, segment: SegmentId) -> Path:
        return self.clips / f"{segment}.mp4"

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def create(self) -> None:
        for folder in (self.root, self.keyframes, self.indexes, self.clips, self.spool):
            folder.mkdir(parents=True, exist_ok=True)


def write_file(target: Path, content: bytes) -> None:
    """Write a file that is there whole, on the disk and not only in memory, when this returns; see `new_file`."""
    with new_file(target) as temporary:
        temporary.write_bytes(content)


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A temporary path to write to; it becomes `target` at the end, in place of what was there.

    Written, synced, renamed, then the folder synced: neither a crash nor a power cut leaves half a file under the name,
    and a transaction that is committed afterwards can rely on it. Missing folders are made. Where the block raises,
    nothing is left behind.
    """
    _make_folder(target.parent)
    temporary = target.with_name(f".{uuid.uuid4().hex}{UNFINISHED}")
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _sync(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
