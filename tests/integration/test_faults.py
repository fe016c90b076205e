"""What goes wrong around an ingest while it runs: each is waited out or recorded, and nothing is lost."""

import errno
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event, text
from sqlalchemy.pool import Pool

from indexer import media
from indexer.bootstrap import open_ingester
from indexer.domain import IngestReport, Progress, Stage, Vectors
from indexer.ingest import Ingester
from indexer.ingest.verdict import TRIES_OF_A_CHANGING_FILE
from indexer.ingest.verify import Finding, verify
from indexer.settings import Settings
from tests.fakes.drawn_clips import draw_clip
from tests.fakes.embedders import HashEmbedder
from tests.fakes.meddling import meddling_steps
from tests.integration.command_line import run as shotlist

ROOT = Path(__file__).resolve().parents[2]
FILMS = 3
LONG_S = 60.0  # that nothing here takes


@dataclass
class Run:
    """`add` in a thread of its own."""

    ingester: Ingester
    footage: Path
    notices: list[str] = field(default_factory=list)
    report: IngestReport | None = None
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._add, daemon=True)

    def start(self) -> "Run":
        self._thread.start()
        return self

    def wait_for(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + LONG_S
        while not what():
            assert self.error is None, self.error
            assert self._thread.is_alive(), "it ended"
            assert time.monotonic() < until, "it never came to be"
            time.sleep(0.02)

    def wait_for_notice(self, words: str) -> None:
        self.wait_for(lambda: any(words in notice for notice in self.notices))

    def states(self) -> Counter[str]:
        """How its files ended. Raises what `add` raised."""
        self._thread.join(LONG_S)
        if self.error is not None:
            raise self.error
        assert self.report is not None, "it hangs"
        return Counter(one.state if one.state != "failed" else f"failed: {one.reason}" for one in self.report.files)

    def count(self, query: str) -> int:
        with self.ingester.bench.database.read() as tx:
            return int(tx.execute(text(query)).scalar() or 0)

    def _add(self) -> None:
        try:
            self.report = self.ingester.add([self.footage], watch=self._watch)
        except BaseException as error:
            self.error = error

    def _watch(self, moment: Progress) -> None:
        if moment.notice:
            self.notices.append(moment.notice)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for number in range(FILMS):
        draw_clip(folder / f"film {number}.mp4", seed=number, shots=(55, 55))
    return folder


@pytest.fixture
def footage(tmp_path: Path, films: Path) -> Path:
    """A folder inside another that holds something else, as a share is mounted."""
    folder = tmp_path / "footage"
    folder.mkdir()
    for film in films.iterdir():
        (folder / film.name).write_bytes(film.read_bytes())
    return folder


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.ingest.task._TRY_AGAIN_S", (0.05,))
    monkeypatch.setattr("indexer.ingest.worker.AWAY_S", 0.1)
    monkeypatch.setattr("indexer.ingest.verdict._FIRST_WAIT_US", 10_000)
    monkeypatch.setattr("indexer.store.engine.BUSY_SECONDS", 1.0)


@pytest.fixture
def ingester(tmp_path: Path) -> Ingester:
    made = open_ingester(Settings(library=tmp_path / "library", lanes=2))
    return replace(made, bench=replace(made.bench, embedder=HashEmbedder))


def assert_whole(ingester: Ingester, *, films: int = FILMS) -> None:
    """Each film is there once, with all that belongs to it."""
    database = ingester.bench.database
    told = verify(ingester.bench.folder, database, space=ingester.bench.embedder().space)
    assert [one for one in told if isinstance(one, Finding)] == []
    with database.read() as tx:
        whole = tx.execute(text("SELECT count(*) FROM video WHERE complete")).scalar_one()
        segments, captions, pictures, vectors = (
            tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("segment", "caption", "derived_file", "embedding WHERE vec IS NOT NULL")
        )
        open_units = tx.execute(text("SELECT count(*) FROM work_unit WHERE state <> 'done'")).scalar_one()
    assert (whole, open_units) == (films, 0)
    assert segments == captions == pictures == vectors > 0


def once(act: Callable[[], object]) -> Callable[[Path], None]:
    """`act`, the first time this is called."""
    lock = threading.Lock()
    done: list[bool] = []

    def call(_path: Path) -> None:
        with lock:
            if done:
                return
            done.append(True)
        act()

    return call


class WideEmbedder(HashEmbedder):
    """Its vectors need more room than a small database has left in the pages it has."""

    @property
    def dimension(self) -> int:
        return 4096

    def embed_captions(self, texts: Sequence[str]) -> Vectors:
        wide: Vectors = np.tile(HashEmbedder().embed_captions(texts), 64) / np.float32(8)
        return wide


class TestFullDisk:
    def test_pictures_wait_for_room(self, ingester: Ingester, footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        full, write = threading.Event(), Path.write_bytes
        full.set()

        def write_if_there_is_room(path: Path, content: bytes) -> int:
            if full.is_set() and path.suffix == ".tmp":
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(path, content)

        monkeypatch.setattr(Path, "write_bytes", write_if_there_is_room)
        run = Run(ingester, footage).start()
        run.wait_for_notice("the disk is full")
        full.clear()
        assert run.states() == {"indexed": FILMS}
        assert_whole(ingester)

    @pytest.mark.parametrize("stage", ["looking", "keyframes", "embedding"])
    def test_a_database_that_cannot_grow_is_waited_for(self, tmp_path: Path, footage: Path, stage: Stage) -> None:
        with bounded_databases() as bounds:
            made = open_ingester(Settings(library=tmp_path / "library", lanes=2))
            ingester = replace(made, bench=replace(made.bench, embedder=WideEmbedder))
            ingester = replace(ingester, steps=meddling_steps(stage, once(bounds.let_be_full), when="before"))
            run = Run(ingester, footage).start()
            run.wait_for_notice("full")
            bounds.make_room()
            assert run.states() == {"indexed": FILMS}
        assert_whole(ingester)


@dataclass
class Bounds:
    """Databases on a disk that can be full: SQLite is told to let no file grow."""

    connections: list[sqlite3.Connection] = field(default_factory=list)
    pages: int = 2**31 - 2

    def let_be_full(self) -> None:
        self._bound(1)  # SQLite takes the size it has where that is more

    def make_room(self) -> None:
        self._bound(2**31 - 2)

    def connected(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")
        self.connections.append(connection)

    def _bound(self, pages: int) -> None:
        self.pages = pages
        for connection in list(self.connections):
            with suppress(sqlite3.ProgrammingError):  # it was closed
                connection.execute(f"PRAGMA max_page_count = {pages}")


@contextmanager
def bounded_databases() -> Iterator[Bounds]:
    bounds = Bounds()
    event.listen(Pool, "connect", bounds.connected)
    try:
        yield bounds
    finally:
        event.remove(Pool, "connect", bounds.connected)


@contextmanager
def locked(library: Path) -> Iterator[None]:
    """The database is held by another program that has begun to write."""
    program = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n"
        "connection.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(library / "library.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"locked\n"
        yield
        assert other.stdin
        other.stdin.close()


@pytest.mark.parametrize("stage", ["decoding", "captioning"])
def test_a_database_that_another_program_keeps_is_waited_for(ingester: Ingester, footage: Path, stage: Stage) -> None:
    keep, kept = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(ingester.bench.folder.root):
            kept.set()
            keep.wait(LONG_S)

    holder = threading.Thread(target=hold)

    def begin() -> None:
        holder.start()
        kept.wait(LONG_S)

    run = Run(replace(ingester, steps=meddling_steps(stage, once(begin), when="before")), footage).start()
    run.wait_for(kept.is_set)
    run.notices.clear()
    run.wait_for_notice("locked")
    keep.set()
    holder.join()
    assert run.states() == {"indexed": FILMS}
    assert_whole(ingester)


class TestPublishing:
    """It makes searches faster, no more: what hinders it may not end a run."""

    @pytest.fixture
    def full(self, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
        """While set, no index can be written."""
        full, rename = threading.Event(), Path.replace
        full.set()

        def rename_if_there_is_room(path: Path, target: Path) -> Path:
            if full.is_set() and target.suffix == ".index":
                raise OSError(errno.ENOSPC, "No space left on device")
            return rename(path, target)

        monkeypatch.setattr(Path, "replace", rename_if_there_is_room)
        return full

    def test_a_full_disk_while_adding(self, ingester: Ingester, footage: Path, full: threading.Event) -> None:
        assert Run(ingester, footage).start().states() == {"indexed": FILMS}
        full.clear()
        ingester.publish()
        assert_whole(ingester)

    def test_a_full_disk_while_a_worker_works(self, ingester: Ingester, footage: Path, full: threading.Event) -> None:
        ingester.queue(media.discover([footage]).files, folders=[footage])
        ingester.work(has=("cpu",), watch=lambda _: None, until="empty")
        full.clear()
        ingester.publish()
        assert_whole(ingester)


class TestFootage:
    def test_one_that_never_stops_growing_is_told_after_some_tries(self, ingester: Ingester, footage: Path) -> None:
        growing, decoded = footage / "film 0.mp4", []

        def grow(path: Path) -> None:
            if path == growing:
                decoded.append(path)
                with path.open("ab") as file:
                    file.write(b"\0\0\0\x08free")

        grown = replace(ingester, steps=meddling_steps("decoding", grow))
        report = Run(grown, footage).start()
        assert report.states() == {"indexed": FILMS - 1, "failed: changed": 1}
        assert report.report is not None
        (told,) = [one for one in report.report.files if one.state == "failed"]
        assert (told.path, told.reason) == (growing, "changed")
        assert told.message
        assert len(decoded) >= TRIES_OF_A_CHANGING_FILE
        again = Run(ingester, footage).start()
        assert again.states() == {"skipped": FILMS - 1, "indexed": 1}
        assert_whole(ingester)

    @pytest.mark.parametrize("stage", ["looking", "decoding", "keyframes", "captioning"])
    def test_a_share_that_goes_away_and_comes_back(
        self, ingester: Ingester, footage: Path, tmp_path: Path, stage: Stage
    ) -> None:
        """Its folder is there, and empty, as a mount point is."""
        elsewhere = tmp_path / "elsewhere"

        def disconnect() -> None:
            footage.rename(elsewhere)
            footage.mkdir()

        away = replace(ingester, steps=meddling_steps(stage, once(disconnect), when="before"))
        run = Run(away, footage).start()
        run.wait_for_notice("is away")
        footage.rmdir()
        elsewhere.rename(footage)
        assert run.states() == {"indexed": FILMS}
        assert_whole(ingester)


def test_two_that_add_the_same_folder_at_once(tmp_path: Path, footage: Path) -> None:
    library = tmp_path / "library"
    both = [add_process(library, footage) for _ in range(2)]
    ends = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert all("0 refused, 0 failed" in told for _, told in ends), ends
    assert_as_undisturbed(library)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_and_run_to_the_end(tmp_path: Path, footage: Path, number: signal.Signals) -> None:
    library = tmp_path / "library"
    with add_process(library, footage) as process:
        wait_for_some(library)
        process.send_signal(number)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    with sqlite3.connect(library / "library.db") as connection:
        running = connection.execute("SELECT key FROM work_unit WHERE state = 'running'").fetchall()
        deaths = connection.execute("SELECT sum(deaths) FROM work_unit").fetchone()
    assert running == [], "all was given back"
    assert deaths == (0,)
    assert shotlist("add", footage, library=library).code == 0
    assert_as_undisturbed(library)


def test_paused_in_the_middle_and_resumed(ingester: Ingester, footage: Path) -> None:
    library = ingester.bench.folder.root
    paused = threading.Event()

    def pause() -> None:
        assert shotlist("pause", library=library).code == 0
        paused.set()

    run = Run(replace(ingester, steps=meddling_steps("decoding", once(pause), when="before")), footage).start()
    run.wait_for(paused.is_set)
    claims = run.count("SELECT sum(epoch) FROM work_unit")
    time.sleep(1.0)
    assert run.count("SELECT sum(epoch) FROM work_unit") == claims, "nobody takes up anything"
    assert run.count("SELECT count(*) FROM work_unit WHERE state = 'waiting'") > 0
    assert shotlist("resume", library=library).code == 0
    assert run.states() == {"indexed": FILMS}
    assert_whole(ingester)


def add_process(library: Path, footage: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "indexer.cli", "add", str(footage), "--library", str(library)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for_some(library: Path) -> None:
    """Until something is captioned, and something is not."""
    until = time.monotonic() + LONG_S
    while time.monotonic() < until:
        if (library / "library.db").exists():
            with sqlite3.connect(library / "library.db") as connection:
                tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'caption'").fetchone()[0]
                if tables and connection.execute("SELECT count(*) FROM caption").fetchone()[0]:
                    return
        time.sleep(0.02)
    raise AssertionError("nothing was ever captioned")


def assert_as_undisturbed(library: Path) -> None:
    status = shotlist("status", "--json", library=library).lines[0]
    assert (status["videos"], status["incomplete"]) == (FILMS, 0)
    assert status["segments"] == status["captions"] == status["vectors"] > 0
    assert shotlist("verify", library=library).code == 0
