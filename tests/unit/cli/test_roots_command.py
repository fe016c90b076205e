"""`shotlist roots`: registered folders from the command line."""

import base64
import os
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo
from indexer.library_folder import LibraryFolder
from indexer.store import open_database, roots, videos
from tests.integration.command_line import Ended, run

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library that knows one file, `tapes/a.mov`, in the registered folder `tapes`."""
    folder = LibraryFolder(tmp_path / "library")
    folder.create()
    (tmp_path / "tapes").mkdir()
    (tmp_path / "tapes" / "a.mov").write_bytes(b"film")
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    with database.write() as tx:
        root = roots.add(tx, (tmp_path / "tapes").resolve())
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, "s"), title="A", fields={})
        relative = Path("a.mov")
        videos.put_location(tx, video, root=root, relative_path=relative, stream_index=0, size=4, mtime_ns=1)
    database.close()
    return folder.root


def test_they_are_listed(library: Path, tmp_path: Path) -> None:
    tapes = tmp_path.resolve() / "tapes"
    (line,) = run("roots", "--json", library=library).lines
    assert line == {"v": 1, "root": "tapes", "path": str(tapes), "files": 1, "online": True}
    tapes.rename(tmp_path / "elsewhere")
    listed = run("roots", library=library).out
    assert ("tapes" in listed, "1 files" in listed, "offline" in listed) == (True, True, True)


def test_one_edit_and_its_files_are_there_again(library: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path.resolve() / os.fsdecode(b"caf\xe9")
    (tmp_path / "tapes").rename(elsewhere)
    assert run("videos", "--json", library=library).lines[0]["state"] == "offline"
    (line,) = run("roots", "move", "tapes", f"{elsewhere}/", "--json", library=library).lines
    assert (line["files"], line["found"], line["moved"], line["online"]) == (1, 1, 1, True)
    assert base64.b64decode(line["path_bytes"]) == os.fsencode(elsewhere)
    assert run("videos", "--json", library=library).lines[0]["state"] == "incomplete"
    assert "1 of 1 files are there" in run("roots", "move", "tapes", elsewhere, library=library).err


def test_a_wrong_folder_needs_force(library: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").mkdir()
    refused = run("roots", "move", "tapes", tmp_path / "wrong", library=library)
    assert (refused.code, "--force" in refused.err) == (1, True)
    assert run("roots", "move", "tapes", tmp_path / "wrong", "--force", library=library).code == 0
    assert not run("roots", "--json", library=library).lines[0]["online"]


def test_folders_are_added_renamed_and_removed(library: Path, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (added,) = run("roots", "add", "Evening News", tmp_path / "news", "--json", library=library).lines
    assert (added["root"], added["files"]) == ("Evening News", 0)
    (renamed,) = run("roots", "rename", "Evening News", "news", "--json", library=library).lines
    assert renamed["root"] == "news"
    assert "Forgot the folder news" in run("roots", "remove", "news", library=library).err
    assert [line["root"] for line in run("roots", "--json", library=library).lines] == ["tapes"]


def test_names_give_no_orders_to_a_terminal(library: Path, tmp_path: Path) -> None:
    nasty = tmp_path / "red\x1b[31m"
    nasty.mkdir()
    ended = [run("roots", "add", "bold\x1b[1m", nasty, library=library), run("roots", library=library)]
    ended.append(run("roots", "move", "tapes", nasty, "--force", library=library))
    ended.append(run("videos", library=library))
    assert ["\x1b" in one.out + one.err for one in ended] == [False] * 4


def told(ended: Ended) -> str:
    assert ended.code == 1
    return ended.err


def test_mistakes_are_told(library: Path, tmp_path: Path) -> None:
    assert "shotlist roots" in told(run("roots", "move", "nosuch", tmp_path, library=library))
    assert "no folder" in told(run("roots", "add", "x", tmp_path / "nowhere", library=library))
    assert "registered as 'tapes'" in told(run("roots", "add", "x", tmp_path / "tapes", library=library))
    assert "1 videos have files in 'tapes' only" in told(run("roots", "remove", "tapes", library=library))
    assert "after `rename`" in told(run("roots", "--json", "rename", "tapes", "x", library=library))
    assert "shotlist add" in told(run("roots", library=tmp_path / "none"))
