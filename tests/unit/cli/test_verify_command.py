"""`shotlist verify` and `shotlist reindex` from the command line."""

from pathlib import Path

import pytest

from tests.fakes.small_library import SmallLibrary, small_library
from tests.integration.command_line import run


@pytest.fixture
def library(tmp_path: Path) -> SmallLibrary:
    """A little library whose texts the packaged encoder has embedded too."""
    made = small_library(tmp_path)
    made.database.close()
    assert run("verify", "--repair", library=made.folder.root).code == 0
    return made


def test_a_sound_library(library: SmallLibrary) -> None:
    ended = run("verify", library=library.folder.root)
    assert (ended.code, ended.out) == (0, "")
    assert "checked: 2 videos\nchecked: 5 pictures\n" in ended.err
    assert ended.err.endswith("Nothing is wrong.\n")


def test_what_is_wrong_is_told_in_groups_and_mended(library: SmallLibrary) -> None:
    stray = library.folder.clips / "s1.mp4"
    pictures = sorted(library.folder.keyframes.rglob("*.jpg"))
    for picture in pictures:
        picture.unlink()
    ended = run("verify", library=library.folder.root)
    assert ended.code == 1
    assert ended.out.splitlines()[0] == "keyframe_missing (5); shotlist verify --repair"
    assert f"  keyframes/{pictures[0].parent.name}/{pictures[0].name}: the picture is missing" in ended.out
    assert ended.err.endswith("5 findings.\n")
    assert not stray.exists()

    ended = run("verify", "--repair", library=library.folder.root)
    assert ended.code == 0
    assert ended.err.endswith(
        "2 units of work are queued; make them with: shotlist worker\n5 findings, 5 of them mended.\n"
    )
    assert run("verify", library=library.folder.root).code == 0


def test_for_programs(library: SmallLibrary) -> None:
    (library.footage / "Harbour.mp4").write_bytes(b"longer than it was")
    lines = run("verify", "--json", library=library.folder.root).lines
    [finding] = [line for line in lines if "finding" in line]
    path = str(library.footage / "Harbour.mp4")
    assert finding == {
        "v": 1,
        "finding": "file_changed",
        "subject": path,
        "path": path,
        "message": "the file has 18 bytes, and had 7 when it was looked at",
        "mend": "shotlist verify --repair",
        "video": library.videos["Harbour"],
        "segments": [],
    }
    assert {"v": 1, "checked": "videos", "count": 2, "remarks": []} in lines
    mended = run("verify", "--repair", "--json", library=library.folder.root).lines
    assert [line["mended"] for line in mended if "finding" in line] == [True]


def test_reindexing_makes_anew_what_is_searched(library: SmallLibrary) -> None:
    before = {file.name for file in library.folder.indexes.glob("*.index")}
    ended = run("reindex", library=library.folder.root)
    assert ended.code == 0
    assert ended.err.splitlines()[:3] == [
        "full text is made anew",
        "0 segments were searched by another text than theirs",
        "the names and fields of 2 videos are indexed",
    ]
    after = {file.name for file in library.folder.indexes.glob("*.index")}
    assert len(after) == 2, "one for each space"
    assert not before & after
    assert run("reindex", "--what", "names", library=library.folder.root).err.count("\n") == 2
    assert "red boat" in run("search", "red boat", library=library.folder.root).out
