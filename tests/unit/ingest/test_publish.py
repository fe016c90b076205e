"""Publishing beside others: one at a time, in an order that no crash can spoil, never longer than it is let."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event, text

from indexer.ingest import Publisher, hubs, publish
from indexer.search.nearest import NearestCaptions
from indexer.store import embeddings, generations, videos
from tests.fakes.small_library import RECIPE, SmallLibrary, age, copy_of, small_library

SPACE = "hash/64"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> SmallLibrary:
    made = small_library(tmp_path_factory.mktemp("pattern"))
    made.database.close()
    return made


@pytest.fixture
def library(pattern: SmallLibrary, tmp_path: Path) -> Iterator[SmallLibrary]:
    made = copy_of(pattern, tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[SmallLibrary]:
    made = small_library(tmp_path, postgres_url)
    yield made
    made.database.close()


def publisher(library: SmallLibrary) -> Publisher:
    return Publisher(library.folder, library.database)


def files(library: SmallLibrary) -> set[str]:
    return {file.name for file in library.folder.indexes.glob("*.index")}


def published(library: SmallLibrary) -> list[generations.Generation]:
    with library.database.read() as tx:
        return generations.generations(tx, SPACE, RECIPE)


def without_hub(library: SmallLibrary) -> int:
    with library.database.read() as tx:
        return len(embeddings.rows_without_hub(tx, SPACE, RECIPE))


# -- the order of steps ----------------------------------------------------------------------------------------------


@contextmanager
def system_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    done: list[str] = []
    sync, rename = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        done.append("sync folder" if path.is_dir() else "sync the whole file" if is_whole(path) else "sync a part")
        sync(descriptor)

    def is_whole(path: Path) -> bool:
        """Whether it can be read as what it is to be: everything was written before."""
        with np.load(path, allow_pickle=False) as arrays:
            return len(arrays["rows"]) > 0

    def noted_rename(path: Path, target: Path) -> Path:
        done.append("rename")
        return rename(path, target)

    def noted_statement(
        _connection: object, _cursor: object, statement: str, _values: object, _context: object, _many: object
    ) -> None:
        if statement.startswith("INSERT INTO index_generation"):
            done.append("insert")

    def noted_commit(_connection: object) -> None:
        done.append("commit")

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_rename)
    event.listen(Engine, "before_cursor_execute", noted_statement)
    event.listen(Engine, "commit", noted_commit)
    try:
        yield done
    finally:
        event.remove(Engine, "before_cursor_execute", noted_statement)
        event.remove(Engine, "commit", noted_commit)


ORDER = ["sync the whole file", "rename", "sync folder", "insert", "commit"]


def test_the_file_is_on_the_disk_before_its_row_is(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add("Quay", ("a crane lifts a container",))
    with system_calls(monkeypatch) as done:
        assert library.publish() == 1
    assert done == ORDER


@pytest.mark.postgres
def test_the_same_on_postgres(on_postgres: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    on_postgres.add("Quay", ("a crane lifts a container",))
    with system_calls(monkeypatch) as done:
        assert on_postgres.publish() == 1
    assert [step for step in done if step != "commit"] == ORDER[:-1]
    assert done.index("insert") < len(done) - 1 - done[::-1].index("commit")


def test_a_file_that_a_published_one_replaces_goes_after_the_commit(library: SmallLibrary) -> None:
    """No row ever names a file that was taken away by us."""
    for title in ("one", "two", "three"):
        library.add(title, (f"text {title}",))
        library.publish()
        assert {one.manifest.file for one in published(library)} == files(library)
        assert len(files(library)) == 2


# -- one at a time ---------------------------------------------------------------------------------------------------


@contextmanager
def held_by_another(library: SmallLibrary) -> Iterator[None]:
    with (library.folder.indexes / ".publish.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_nobody_waits_in_passing(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "TAIL_ROWS", 0)
    monkeypatch.setattr(publish, "TAIL_SHARE", 0)
    library.add("Quay", ("a crane lifts a container",))
    with held_by_another(library):
        assert publisher(library).publish_if_due(SPACE) == 0
    assert publisher(library).publish_if_due(SPACE) == 1
    assert publisher(library).publish_if_due(SPACE) == 0


def test_who_publishes_at_the_end_waits(library: SmallLibrary) -> None:
    library.add("Quay", ("a crane lifts a container",))
    waiting = threading.Thread(target=library.publish)
    with held_by_another(library):
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        assert published(library)[0].manifest.count == 5
    waiting.join()
    assert published(library)[0].manifest.count == 6


def test_who_waits_can_be_stopped(library: SmallLibrary) -> None:
    library.add("Quay", ("a crane lifts a container",))
    with held_by_another(library):
        assert Publisher(library.folder, library.database, stop=lambda: True).publish(SPACE) == 0


@pytest.mark.postgres
def test_another_machine_s_publisher_is_waited_for_too(on_postgres: SmallLibrary) -> None:
    library = on_postgres
    library.add("Quay", ("a crane lifts a container",))
    with generations.publisher_lock(library.database, SPACE) as mine:
        assert mine
        with generations.publisher_lock(library.database, SPACE) as again:
            assert not again
        with generations.publisher_lock(library.database, "another space") as other:
            assert other
        waiting = threading.Thread(target=library.publish)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join()
    assert published(library)[0].manifest.count == 6


# -- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["gone", "other bytes", "cut"])
def test_a_harmed_file_is_made_again_though_nothing_changed(library: SmallLibrary, harm: str) -> None:
    [before] = published(library)
    file = library.folder.indexes / before.manifest.file
    content = file.read_bytes()
    match harm:
        case "gone":
            file.unlink()
        case "cut":
            file.write_bytes(content[:-1])
        case _:
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert library.publish() == 1
    [after] = published(library)
    assert (after.seq, after.manifest.sha256) == (before.seq, before.manifest.sha256)
    assert after.id != before.id
    assert files(library) == {after.manifest.file}
    assert library.publish() == 0


def test_an_older_file_that_is_harmed_goes_too(library: SmallLibrary) -> None:
    [older] = published(library)
    (library.folder.indexes / older.manifest.file).unlink()
    library.add("Quay", ("a crane lifts a container",))
    library.publish()
    assert older not in published(library)


def test_a_reader_may_be_older_than_every_file(library: SmallLibrary) -> None:
    """It finds the file of its snapshot gone, and reads the database as it was then."""
    query = library.embedder.embed_queries(["crane"])[0]
    with library.database.read() as tx:
        before = generations.generations(tx, SPACE, RECIPE)
        for title in ("one", "two", "three"):
            library.add(title, ("a crane lifts a container",))
            library.publish()
        assert not files(library) & {one.manifest.file for one in before}
        assert len(NearestCaptions(library.folder).find(tx, SPACE, query=query, k=99)) == 5
    with library.database.read() as tx:
        assert len(NearestCaptions(library.folder).find(tx, SPACE, query=query, k=99)) == 8


def test_what_a_crash_left_is_cleared_away_once_it_is_old(library: SmallLibrary) -> None:
    names = ("young.index", "old.index", ".old.tmp", ".young.tmp")
    for name in names:
        (library.folder.indexes / name).write_bytes(b"")
        if "old" in name:
            age(library.folder.indexes / name)
    age(library.folder.indexes / published(library)[0].manifest.file)
    library.publish()
    left = {file.name for file in library.folder.indexes.iterdir()}
    assert left == {"young.index", ".young.tmp", ".publish.lock", published(library)[0].manifest.file}


def test_an_index_of_nothing_is_forgotten(library: SmallLibrary) -> None:
    with library.database.write() as tx:
        for video in library.videos.values():
            videos.remove(tx, video)
    library.publish()
    assert (published(library), files(library)) == ([], set())
    with library.database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM embedding")).scalar() == 0


# -- hubs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def wide(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> SmallLibrary:
    """Thirty videos and more, of 63 texts in all, whose hubs are measured by tens."""
    for number in range(29):
        library.add(f"clip {number}", (f"a boat {number}", f"a train {number}"))
    monkeypatch.setattr(hubs, "HUBS_AT_ONCE", 10)
    monkeypatch.setattr(hubs, "CHUNKS_IN_PASSING", 2)
    monkeypatch.setattr(publish, "TAIL_ROWS", 0)
    return library


def test_hubs_are_measured_some_at_a_time(wide: SmallLibrary) -> None:
    assert without_hub(wide) == 63
    assert publisher(wide).publish_if_due(SPACE) == 1
    assert without_hub(wide) == 43
    assert publisher(wide).publish(SPACE) == 0, "no file to write, and the rest of the hubs"
    assert without_hub(wide) == 0


def test_measuring_stops_when_asked_and_keeps_what_it_has(wide: SmallLibrary) -> None:
    stopping = Publisher(wide.folder, wide.database, stop=lambda: without_hub(wide) < 50)
    stopping.publish(SPACE)
    assert without_hub(wide) == 43


def test_measuring_anew(wide: SmallLibrary) -> None:
    wide.publish()
    with wide.database.write() as tx:
        tx.execute(text("UPDATE embedding SET hub = 9"))
    publisher(wide).rebuild(SPACE)
    with wide.database.read() as tx:
        assert tx.execute(text("SELECT min(hub) FROM embedding")).scalar() == 9
    publisher(wide).rebuild(SPACE, measured="all")
    with wide.database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM embedding WHERE hub > 1")).scalar() == 0
