"""A file that is gone is told from one whose share is away."""

from pathlib import Path

import pytest

from indexer.ingest.presence import holds_something, presence


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A registered folder with a day's tapes, in a folder with other things."""
    (tmp_path / "other").mkdir()
    root = tmp_path / "archive"
    (root / "day 1").mkdir(parents=True)
    (root / "day 1" / "a.mov").touch()
    (root / "day 2").mkdir()
    return root


def test_a_file_is_there(root: Path) -> None:
    assert presence(root / "day 1" / "a.mov", root) == "there"


def test_a_file_is_gone_from_a_folder_that_holds_others(root: Path) -> None:
    assert presence(root / "day 1" / "b.mov", root) == "gone"


def test_a_file_is_gone_with_its_folder_from_a_root_that_holds_others(root: Path) -> None:
    assert presence(root / "day 3" / "tape" / "b.mov", root) == "gone"


def test_an_empty_folder_may_be_a_share_that_is_not_mounted(root: Path) -> None:
    assert presence(root / "day 2" / "b.mov", root) == "away"
    assert presence(root / "day 2" / "tape" / "b.mov", root) == "away"


def test_a_root_that_is_not_there_is_away_whatever_is_around_it(root: Path, tmp_path: Path) -> None:
    missing = tmp_path / "unmounted"
    assert presence(missing / "day 1" / "a.mov", missing) == "away"
    emptied = tmp_path / "other"
    assert presence(emptied / "a.mov", emptied) == "away"


def test_what_cannot_be_looked_into_holds_nothing(root: Path) -> None:
    assert holds_something(root)
    assert not holds_something(root / "day 2")
    assert not holds_something(root / "nowhere")
    assert not holds_something(root / "day 1" / "a.mov")


def test_a_name_too_long_for_any_disk_does_no_harm(root: Path) -> None:
    assert presence(root / ("x" * 5000), root) == "gone"
