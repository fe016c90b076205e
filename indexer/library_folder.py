"""Where each file of a library lies. A library is one folder: move it, copy it, back it up whole.

library.db          the truth: videos, segments, texts, vectors (SQLite; absent when a PostgreSQL URL is used)
keyframes/          one JPEG a segment, in folders by video      } caches: they can be made again
indexes/            vector index generations                     } from the database and the footage
clips/              clips cut for the player                     }
"""

from dataclasses import dataclass
from pathlib import Path

from indexer.domain import SegmentId, VideoId


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    root: Path

    @property
    def database_file(self) -> Path:
        return self.root / "library.db"

    @property
    def indexes(self) -> Path:
        return self.root / "indexes"

    def keyframe(self, video: VideoId, segment: SegmentId) -> Path:
        return self.root / "keyframes" / video / f"{segment}.jpg"

    def keyframes_of(self, video: VideoId) -> Path:
        return self.root / "keyframes" / video

    def clip(self, segment: SegmentId) -> Path:
        return self.root / "clips" / f"{segment}.mp4"

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def create(self) -> None:
        for folder in (self.root, self.root / "keyframes", self.indexes, self.root / "clips"):
            folder.mkdir(parents=True, exist_ok=True)
