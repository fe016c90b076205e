"""The disk is never looked at while the library's one write lock is held: a slow share keeps nobody from writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from indexer.domain import Fingerprint, MediaInfo
from indexer.errors import UsageError
from indexer.ingest.missing import note_missing
from indexer.ingest.roots import add_folder, move_folder, rename_folder
from indexer.store import Database, Transaction, roots, videos
from indexer.store.engine import sqlite_engine
from indexer.store.schema import upgrade_schema

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")


class TimidDisk(Database):
    """A library on whose disk nothing can be seen while it is written to."""

    def __init__(self, folder: Path) -> None:
        file = folder / "library.db"
        upgrade_schema(f"sqlite:///{file}")
        super().__init__(f"sqlite:///{file}", sqlite_engine(file, "write"))
        self.disk = folder / "disk"

    @contextmanager
    def write(self, *, durable: Literal["soon", "now"] = "soon") -> Iterator[Transaction]:
        hidden = self.disk.with_name("hidden")
        with super().write(durable=durable) as tx:
            self.disk.rename(hidden)
            try:
                yield tx
            finally:
                hidden.rename(self.disk)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[TimidDisk]:
    """It knows `a.mov` and `b.mov`, in the registered folder `tapes` on its disk."""
    library = TimidDisk(tmp_path.resolve())
    tapes = library.disk / "tapes"
    tapes.mkdir(parents=True)
    add_folder(library, "tapes", tapes)
    for name in ("a.mov", "b.mov"):
        (tapes / name).write_bytes(b"film")
        with library.write() as tx:
            video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, name), title=name, fields={})
            place = {"root": roots.named(tx, "tapes"), "relative_path": Path(name)}
            videos.put_location(tx, video, **place, stream_index=0, size=4, mtime_ns=1)  # type: ignore[arg-type]
    yield library
    library.close()


def noted(library: Database) -> dict[str, bool]:
    """{file: whether it was there when last looked at}."""
    with library.read() as tx:
        return {str(one.relative_path): one.online for root in roots.load(tx) for one in videos.known_files(tx, root)}


def test_missing_files_are_noted(library: TimidDisk) -> None:
    assert note_missing(library, [library.disk]) == ()
    (library.disk / "tapes" / "a.mov").unlink()
    assert note_missing(library, [library.disk / "other"]) == ()
    assert note_missing(library, [library.disk]) == ("1 files of tapes are offline; their moments stay searchable",)
    assert noted(library) == {"a.mov": False, "b.mov": True}


def test_where_nothing_is_to_be_noted_nobody_waits_for_the_lock(library: TimidDisk) -> None:
    with library.write():
        assert note_missing(library, [library.disk]) != (), "the disk is away"


def test_folders_are_moved_and_renamed(library: TimidDisk) -> None:
    (library.disk / "tapes" / "a.mov").unlink()
    note_missing(library, [library.disk])
    (library.disk / "tapes" / "a.mov").write_bytes(b"film")
    (library.disk / "tapes").rename(library.disk / "reels")
    moved = move_folder(library, "tapes", library.disk / "reels")
    assert (moved.files, moved.found, moved.folder.online) == (2, 2, True)
    assert noted(library) == {"a.mov": True, "b.mov": True}
    assert rename_folder(library, "tapes", "reels").online


class Hasty(TimidDisk):
    """Another process renames the folder between a look at the disk and the writing."""

    hurried = False

    @contextmanager
    def write(self, *, durable: Literal["soon", "now"] = "soon") -> Iterator[Transaction]:
        with super().write(durable=durable) as tx:
            if self.hurried:
                roots.rename(tx, roots.named(tx, "tapes"), "reels")
            yield tx


def test_a_folder_that_is_changed_meanwhile_is_left_alone(library: TimidDisk) -> None:
    hasty = Hasty(library.disk.parent)
    hasty.hurried = True
    (library.disk / "new").mkdir()
    (library.disk / "tapes" / "a.mov").rename(library.disk / "new" / "a.mov")
    note_missing(hasty, [library.disk])
    assert noted(library) == {"a.mov": True, "b.mov": True}
    with library.write() as tx:
        roots.rename(tx, roots.named(tx, "reels"), "tapes")
    with pytest.raises(UsageError, match=r"'tapes' was changed .* move it again"):
        move_folder(hasty, "tapes", library.disk / "new")
    hasty.close()
