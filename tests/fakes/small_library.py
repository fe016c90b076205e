"""A whole little library, put straight into the store: files, segments, texts, pictures, vectors, an index."""

import os
import shutil
import time
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from indexer import media
from indexer.domain import Caption, Decoded, Fingerprint, Keyframe, MediaInfo, Recipe, VideoId
from indexer.ingest import Publisher
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.verify import Finding, Repair, verify
from indexer.library_folder import LibraryFolder, write_file
from indexer.store import Database, open_database, recipes, roots, segments, upgrade_schema, videos
from indexer.store import settings as stored
from indexer.timecode import TimeRange
from tests.fakes.embedders import HashEmbedder

RECIPE = Recipe("test/1")
INFO = MediaInfo("mp4", "h264", 0, 64, 36, 0, Fraction(25), Fraction(25), None, None, None, None, None, "yuv420p")
FOOTAGE = {
    "Harbour": ("a red boat crosses the harbour", "seagulls above the lighthouse", "people wave from the pier BT-0431"),
    "Station": ("a tram turns into a narrow street", "a guard walks past the gate"),
}
SEGMENT_US = 5_000_000


@dataclass
class SmallLibrary:
    folder: LibraryFolder
    footage: Path
    database: Database
    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    videos: dict[str, VideoId] = field(default_factory=dict)

    def add(self, title: str, texts: tuple[str, ...]) -> VideoId:
        """A video that is complete, and its file."""
        file = self.footage / f"{title}.mp4"
        file.write_bytes(title.encode())
        spans = [TimeRange(n * SEGMENT_US, (n + 1) * SEGMENT_US) for n in range(len(texts))]
        with self.database.write() as tx:
            video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields={"reel": "R1"})
            root = roots.add(tx, self.footage)
            place = {"relative_path": Path(file.name), "stream_index": 0}
            size, mtime_ns = file.stat().st_size, file.stat().st_mtime_ns
            videos.put_location(tx, video, root=root, size=size, mtime_ns=mtime_ns, **place)  # type: ignore[arg-type]
            videos.set_decoded(tx, video, Decoded(len(texts), spans[-1].end_us, Fraction(25)))
            made = segments.put_segmentation(tx, video, recipe=RECIPE, origin="detected", spans=spans, cuts=[])
            segments.put_captions(tx, [Caption(s.id, t, RECIPE) for s, t in zip(made, texts, strict=True)], {})
            pictures = [self.folder.keyframe(video, one.id) for one in made]
            for number, picture in enumerate(pictures):
                write_file(picture, media.encode_jpeg(np.full((36, 64, 3), 40 * number, np.uint8)))
            taken = zip(made, pictures, strict=True)
            drawn = [Keyframe(one.id, one.start_us, RECIPE, self.folder.relative(path)) for one, path in taken]
            segments.put_keyframes(tx, drawn)
            videos.finish(tx, video)
        embed_new_captions(self.database, self.embedder, video=None)
        self.videos[title] = video
        return video

    def publish(self) -> int:
        return Publisher(self.folder, self.database).publish(self.embedder.space)

    def findings(self) -> list[Finding]:
        told = verify(self.folder, self.database, space=self.embedder.space)
        return [one for one in told if isinstance(one, Finding)]

    def kinds(self) -> list[str]:
        return [one.kind for one in self.findings()]

    def repair(self) -> tuple[bool, int]:
        """Whether every finding could be mended, and how many units were queued."""
        repair = Repair(self.folder, self.database, lambda: self.embedder)
        told = verify(self.folder, self.database, space=self.embedder.space)
        mended = [repair.mend(one) for one in told if isinstance(one, Finding)]
        return all(mended), repair.finish()


def small_library(root: Path, url: str | None = None) -> SmallLibrary:
    """Two videos of five segments; the database is in the folder unless `url` says where."""
    folder, footage = LibraryFolder(root / "library"), root / "footage"
    folder.create()
    footage.mkdir()
    url = url or f"sqlite:///{folder.database_file}"
    upgrade_schema(url)
    library = SmallLibrary(folder, footage, open_database(url, purpose="write"))
    with library.database.write() as tx:
        stored.prefer(tx, RECIPE)
        recipes.want(tx, RECIPE, captioner="measured")
    for title, texts in FOOTAGE.items():
        library.add(title, texts)
    library.publish()
    return library


def copy_of(library: SmallLibrary, root: Path) -> SmallLibrary:
    """The same library in another folder, at its own footage: quicker than making one. `library` must be closed."""
    folder, footage = LibraryFolder(root / "library"), root / "footage"
    shutil.copytree(library.folder.root, folder.root)
    shutil.copytree(library.footage, footage)
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    with database.write() as tx:
        roots.move(tx, roots.named(tx, library.footage.name), footage)
    return SmallLibrary(folder, footage, database, videos=dict(library.videos))


def age(path: Path) -> None:
    """Let a file be two hours old."""
    then = time.time() - 7200
    os.utime(path, (then, then))
