"""The files of a folder one by one: what `discover` finds, less what is not chosen."""

import os
from pathlib import Path

import pytest

from indexer.media import Choice, discover, list_files

NAMES = ["a.mov", "b.TXT", "day 1/c.mxf", "day 1/proxies/c.mp4", "day 2/d.mov", ".hidden/e.mov", "._a.mov"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*NAMES, os.fsdecode(b"caf\xe9/f.mov")):
        path = tmp_path / "footage" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"film")
    return tmp_path / "footage"


def listed(folder: Path, choice: Choice, *but: Path) -> list[str]:
    return [str(file.path.relative_to(folder)) for file in list_files(folder, choice, but=but)]


def test_all_that_is_discovered_is_listed_in_the_same_order(folder: Path) -> None:
    (folder / "link.mov").symlink_to(folder / "a.mov")
    (folder / "round").symlink_to(folder)
    (folder / "library").mkdir()
    (folder / "library" / "library.db").touch()
    (folder / "library" / "g.mov").touch()
    found = list(list_files(folder, Choice()))
    assert found == list(discover([folder]).files)
    assert len(found) == 6


def test_links_that_lead_nowhere_are_passed_over(folder: Path) -> None:
    (folder / "broken.mov").symlink_to(folder / "nowhere.mov")
    assert "broken.mov" not in listed(folder, Choice())


def test_what_is_not_chosen_is_left_out_and_not_entered(folder: Path) -> None:
    assert listed(folder, Choice(include=("*.mov",), exclude=("day 2",))) == ["a.mov", os.fsdecode(b"caf\xe9/f.mov")]
    assert listed(folder, Choice(exclude=("proxies/", "caf*"))) == ["a.mov", "day 1/c.mxf", "day 2/d.mov"]


def test_folders_that_are_somebody_else_s_are_not_entered(folder: Path) -> None:
    assert listed(folder, Choice(exclude=("caf*",)), folder / "day 1") == ["a.mov", "day 2/d.mov"]


def test_a_folder_that_may_not_be_listed_or_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert listed(tmp_path / "nowhere", Choice()) == []
