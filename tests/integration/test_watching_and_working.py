"""A watched folder, worked in the foreground: what comes is indexed, and it ends when it should."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from indexer.domain import Progress
from indexer.ingest import Captioners, Ingester, Workbench
from indexer.ingest.fixity import record_fixity
from indexer.ingest.watched_folders import watch_folder
from indexer.ingest.watcher import Watcher, watch_and_work
from indexer.library_folder import LibraryFolder
from indexer.media import FoundFile
from indexer.store import fixity, open_database, videos
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.embedders import HashEmbedder
from tests.fakes.library import draw_footage


@pytest.fixture
def ingester(tmp_path: Path) -> Iterator[Ingester]:
    folder = LibraryFolder(tmp_path / "library")
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    bench = Workbench(folder, database, "fixed", Captioners(lambda _: FakeCaptioner()), HashEmbedder)
    yield Ingester(bench, "measured", "a fake", lanes=1)
    database.close()


class Enough(Exception):
    """What was waited for has happened."""


def test_what_comes_is_indexed_hashed_and_followed_when_it_moves(ingester: Ingester, tmp_path: Path) -> None:
    footage = tmp_path.resolve() / "footage"
    footage.mkdir()
    (footage / "notes.txt").touch()
    database = ingester.bench.database
    watch_folder(database, footage, settle_s=0)
    record_fixity(database)
    draw_footage(footage / "boats.mp4", seconds=1)
    watcher = Watcher(database, lambda files: ingester.queue(files, urgency="in turn"))
    places: list[Path | None] = []

    def follow(_: Progress) -> None:
        with database.read() as tx:
            found = videos.load(tx)
            hashed = [file.path for file in fixity.hashed(tx)]
        if not places and found and found[0].state == "indexed" and hashed:
            places.append(found[0].path)
            (footage / "boats.mp4").rename(footage / "ships.mp4")
        elif places and [video.path for video in found] == hashed == [footage / "ships.mp4"]:
            raise Enough

    with pytest.raises(Enough):
        watch_and_work(ingester, watcher, has=("cpu", "model"), interval_s=0.1, watch=follow)
    assert places == [footage / "boats.mp4"]


def test_a_defect_of_the_watcher_ends_the_work_and_is_told(ingester: Ingester, tmp_path: Path) -> None:
    (tmp_path / "footage").mkdir()
    (tmp_path / "footage" / "a.mov").write_bytes(b"film")
    watch_folder(ingester.bench.database, tmp_path / "footage", settle_s=0)

    def fail(_: Iterable[FoundFile]) -> None:
        raise ZeroDivisionError

    said: list[str | None] = []
    watcher = Watcher(ingester.bench.database, fail)
    with pytest.raises(ZeroDivisionError):
        watch_and_work(
            ingester, watcher, has=("cpu",), interval_s=0.1, watch=lambda progress: said.append(progress.notice)
        )


def test_what_the_watcher_says_is_told_among_the_progress(ingester: Ingester, tmp_path: Path) -> None:
    (tmp_path / "footage").mkdir()
    watch_folder(ingester.bench.database, tmp_path / "footage")
    watcher = Watcher(ingester.bench.database, lambda _: None)

    def hear(progress: Progress) -> None:
        if progress.notice is not None and "away or empty" in progress.notice:
            raise Enough

    with pytest.raises(Enough):
        watch_and_work(ingester, watcher, has=("cpu",), interval_s=0.1, watch=hear)
