"""SQLite files as people have them: missing, damaged, in use, on a disk that cannot be written to."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text

from indexer.errors import LibraryError
from indexer.store import Transaction, open_database, settings

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'library.db'}"


def test_reading_what_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="shotlist add FOLDER"):
        open_database(url_of(tmp_path / "none"), purpose="read")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("purpose", ["read", "write"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, purpose: str) -> None:
    (tmp_path / "library.db").write_text("holiday pictures, do not delete\n" * 100)
    with pytest.raises(LibraryError, match="not a library"):
        open_database(url_of(tmp_path), purpose="read" if purpose == "read" else "write")
    assert (tmp_path / "library.db").read_text().startswith("holiday pictures")


def test_odd_folder_names_are_only_names(tmp_path: Path) -> None:
    folder = tmp_path / "100% of 'it'? #1 & über"
    with open_database(url_of(folder), purpose="write").write() as tx:
        settings.put(tx, "who", "me")
    with open_database(url_of(folder), purpose="read").read() as tx:
        assert settings.get(tx, "who") == "me"


def test_what_nobody_can_make_again_is_on_the_disk_when_it_is_committed(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path), purpose="write")
    pragma = text("PRAGMA synchronous")
    for _ in range(2):
        with database.write(durable="now") as tx:
            assert tx.execute(pragma).scalar() == 2, "FULL: the log is synced at each commit"
        with database.write() as tx:
            assert tx.execute(pragma).scalar() == 1, "NORMAL"


def test_what_a_failed_block_wrote_is_gone(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path), purpose="write")

    def fail(tx: Transaction) -> None:
        settings.put(tx, "half", "done")
        raise RuntimeError

    with pytest.raises(RuntimeError), database.write() as tx:
        fail(tx)
    with database.read() as tx:
        assert settings.get(tx, "half") is None


def test_a_reader_keeps_its_view_while_others_write(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path), purpose="write")
    reader = open_database(url_of(tmp_path), purpose="read")
    with reader.read() as before:
        assert settings.get(before, "word") is None
        with database.write() as tx:
            settings.put(tx, "word", "new")
        assert settings.get(before, "word") is None
    with reader.read() as after:
        assert settings.get(after, "word") == "new"


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    open_database(url_of(tmp_path), purpose="write").close()
    reader = open_database(url_of(tmp_path), purpose="read")
    with pytest.raises(LibraryError, match="readonly"), reader.write() as tx:
        settings.put(tx, "word", "new")


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Each reads, then writes what it read plus one: a writer that did not begin as one would lose or fail."""
    open_database(url_of(tmp_path), purpose="write").close()

    def count_up() -> None:
        database = open_database(url_of(tmp_path), purpose="write")
        for _ in range(25):
            with database.write() as tx:
                settings.put(tx, "count", str(int(settings.get(tx, "count") or 0) + 1))
        database.close()

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_database(url_of(tmp_path), purpose="read").read() as tx:
        assert settings.get(tx, "count") == "75"


def test_connections_are_set_up_as_they_should_be(tmp_path: Path) -> None:
    database = open_database(url_of(tmp_path), purpose="write")
    with database.write() as tx:
        pragmas = {
            name: tx.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 30_000}


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """For root no folder is read-only, so be nobody for a while; others are already somebody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("left_open", ["no", "yes"])
def test_a_library_on_a_read_only_disk_can_be_read(left_open: str) -> None:
    """Whether its last writer closed it, or was killed and left the newest changes in the log."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "library"
        database = open_database(url_of(folder), purpose="write")
        with database.write() as tx:
            settings.put(tx, "word", "kept")
        if left_open == "no":
            database.close()
        Path(name).chmod(0o755)
        folder.chmod(0o555)
        with as_somebody_else():
            reader = open_database(url_of(folder), purpose="read")
            with reader.read() as tx:
                assert settings.get(tx, "word") == "kept"
            reader.close()
        folder.chmod(0o755)
        database.close()


def test_importing_the_store_does_not_load_the_migrations() -> None:
    code = "import sys, indexer.store; print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"
