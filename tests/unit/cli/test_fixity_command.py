"""`shotlist fixity` from the command line."""

import hashlib
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo
from indexer.library_folder import LibraryFolder
from indexer.store import fixity, open_database, roots, videos
from tests.integration.command_line import run

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library that knows two files of `tapes`, one of them with a hash."""
    folder = LibraryFolder(tmp_path / "library")
    folder.create()
    (tmp_path / "tapes").mkdir()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    with database.write() as tx:
        root = roots.add(tx, (tmp_path / "tapes").resolve())
        for name in ("a.mov", "b.mov"):
            path = root.path / name
            path.write_bytes(b"film")
            facts = {"stream_index": 0, "size": 4, "mtime_ns": path.stat().st_mtime_ns}
            video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, name), title=name, fields={})
            videos.put_location(tx, video, root=root, relative_path=Path(name), **facts)
        first = next(file for file in fixity.unhashed(tx) if file.path.name == "a.mov")
        fixity.note_hash(tx, first, hashlib.sha256(b"film").hexdigest())
    database.close()
    return folder.root


def test_what_is_known_is_told(library: Path) -> None:
    (line,) = run("fixity", "--json", library=library).lines
    assert (line["files"], line["hashed"], line["changed"], line["recording"]) == (2, 1, 0, False)
    assert "2, 1 with a hash" in run("fixity", library=library).out
    assert "1 files wait" in run("fixity", "record", library=library).err
    assert run("fixity", "--json", library=library).lines[0]["recording"]
    assert run("fixity", "off", library=library).code == 0
    assert not run("fixity", "--json", library=library).lines[0]["recording"]


def test_a_check_says_what_is_not_as_it_was(library: Path, tmp_path: Path) -> None:
    whole = run("fixity", "check", "--json", library=library)
    assert (whole.code, [line["finding"] for line in whole.lines]) == (0, ["intact"])
    (tmp_path / "tapes" / "a.mov").write_bytes(b"fiLm")
    changed = run("fixity", "check", library=library)
    assert (changed.code, "a.mov" in changed.out, "1 changed" in changed.err) == (1, True, True)
    _, bad = run("fixity", "--json", library=library).lines
    assert (bad["finding"], bad["sha256"]) == ("changed", hashlib.sha256(b"film").hexdigest())
    (tmp_path / "tapes" / "a.mov").unlink()
    assert run("fixity", "check", library=library).code == 1
    (tmp_path / "tapes" / "b.mov").unlink()
    away = run("fixity", "check", library=library)
    assert (away.code, "1 away" in away.err) == (0, True)


def test_a_check_can_be_of_a_part(library: Path) -> None:
    assert "1 intact" in run("fixity", "check", "--folder", "tapes", library=library).err
    later = run("fixity", "check", "--since", "2000-01-01", library=library)
    assert (later.code, "0 intact" in later.err) == (0, True)
    assert "1 intact" in run("fixity", "check", "--since", "2999-01-01T10:00", library=library).err
    for options, words in (
        (("--video", "vnone"), "shotlist fixity record"),
        (("--folder", "none"), "shotlist roots"),
        (("--since", "yesterday"), "2026-11-23"),
    ):
        ended = run("fixity", "check", *options, library=library)
        assert (ended.code, words in ended.err) == (1, True)


def test_a_manifest_is_written(library: Path, tmp_path: Path) -> None:
    assert run("fixity", "--manifest", tmp_path / "list", "--folder", "tapes", library=library).code == 0
    assert (tmp_path / "list").read_text() == f"{hashlib.sha256(b'film').hexdigest()}  a.mov\n"
    assert "goes with --manifest" in run("fixity", "--folder", "tapes", library=library).err
    assert "after `check`" in run("fixity", "--json", "check", library=library).err
