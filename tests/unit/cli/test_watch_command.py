"""`shotlist watch` from the command line, without decoding."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.store import open_database, watched
from indexer.store.watched import WatchedFolder
from tests.integration.command_line import run


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "footage"
    (folder / "proxies").mkdir(parents=True)
    for name in ("a.mov", "b.mxf", "proxies/a.mov"):
        (folder / name).write_bytes(b"film")
        os.utime(folder / name, ns=(1, 1))
    return folder


def test_folders_are_remembered_listed_and_forgotten(footage: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    options = ("--include", "*.mov", "--include", "*.mxf", "--exclude", "proxies/", "--settle", "3")
    began = run("watch", footage, *options, "--once", "--no-work", library=library)
    assert (began.code, "2 new or changed files, 0 gone." in began.err) == (0, True)
    (line,) = run("watch", "--list", "--json", library=library).lines
    patterns = {"include": ["*.mov", "*.mxf"], "exclude": ["proxies/"], "settle_s": 3.0}
    assert line == {"v": 1, "path": str(footage), **patterns}
    again = run("watch", "--once", "--no-work", library=library)
    assert "0 new or changed files" in again.err
    listed = run("watch", "--list", library=library).out
    assert f"{footage}, only *.mov, only *.mxf, not proxies/, after 3 s of rest" in listed
    assert run("watch", "--forget", footage, library=library).code == 0
    assert run("watch", "--list", library=library).out == ""


def test_mistakes_are_told(footage: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    told = {
        "begin with: shotlist watch FOLDER": (),
        "no folder": (tmp_path / "nowhere",),
        "--settle": (footage, "--settle", "-1"),
        "not closed": (footage, "--exclude", "clip[0-9"),
        "which FOLDER": ("--exclude", "x"),
        "--list": ("--json",),
    }
    for words, options in told.items():
        ended = run("watch", *options, library=library)
        assert (ended.code, words in ended.err) == (1, True), ended.err
    assert "is not watched" in run("watch", "--forget", footage, library=library).err
    assert run("watch", "--list", library=library).out == ""


def test_names_give_no_orders_to_a_terminal(tmp_path: Path) -> None:
    nasty = tmp_path / "red\x1b[31m"
    nasty.mkdir()
    (nasty / "notes.txt").touch()
    library = tmp_path / "library"
    ended = run("watch", nasty, "--once", "--no-work", library=library), run("watch", "--list", library=library)
    assert ["\x1b" in one.out + one.err for one in ended] == [False, False]


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to(footage: Path, tmp_path: Path, signal_: int) -> None:
    library = tmp_path / "library"
    command = [sys.executable, "-m", "indexer.cli", "watch", str(footage), "--no-work", "--interval", "0.1"]
    watching = subprocess.Popen([*command, "--library", str(library)], stderr=subprocess.PIPE, text=True)
    assert watching.stderr is not None
    assert "Watching" in watching.stderr.readline()
    while not _is_queued(library):
        time.sleep(0.05)
    watching.send_signal(signal_)
    _, said = watching.communicate(timeout=60)
    assert (watching.returncode, "Nothing is lost" in said) == (130, True)


def _is_queued(library: Path) -> bool:
    database = open_database(f"sqlite:///{library / 'library.db'}", purpose="read")
    with database.read() as tx:
        (folder,) = watched.load(tx)
        assert isinstance(folder, WatchedFolder)
        asked = watched.asked_files(tx, folder.path)
    database.close()
    return len(asked) == 3
