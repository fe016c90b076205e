"""The options that say who writes captions."""

from pathlib import Path

import pytest

from indexer.store import open_database
from indexer.store.permissions import permit_server
from tests.integration.command_line import run

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("option", [["--tokens-per-second", "88"], ["--allow-remote"]])
def test_they_go_with_a_captioner(option: list[str], tmp_path: Path) -> None:
    ended = run("add", FOLDER, *option, library=tmp_path / "library")
    assert ended.code == 1
    assert "go with --captioner" in ended.err


def test_measured_takes_no_budget(tmp_path: Path) -> None:
    ended = run("add", FOLDER, "--captioner", "measured", "--tokens-per-second", 88, library=tmp_path / "library")
    assert ended.code == 1
    assert "no model" in ended.err
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_budget_is_a_number_above_nothing(number: str, tmp_path: Path) -> None:
    ended = run("add", FOLDER, "--captioner", "auto", "--tokens-per-second", number, library=tmp_path / "library")
    assert ended.code != 0
    assert not (tmp_path / "library").exists()


def test_a_server_elsewhere_is_asked_only_with_leave(tmp_path: Path) -> None:
    library, name = tmp_path / "library", "openai:model@http://captions.invalid:8000/v1"
    ended = run("add", FOLDER, "--captioner", name, library=library)
    assert ended.code == 1
    assert "--allow-remote" in ended.err
    asked = run("add", FOLDER, "--captioner", name, "--allow-remote", library=library)
    assert "cannot be reached" in asked.err, "it was asked, and no machine has that name"
    assert not library.exists()


def test_leave_is_given_once_and_to_one_server(tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert run("add", FOLDER, library=library).code == 0
    with open_database(f"sqlite:///{library / 'library.db'}", purpose="write").write() as tx:
        permit_server(tx, "http://captions.invalid:8000")
    again = run("add", FOLDER, "--captioner", "openai:model@http://captions.invalid:8000/v1", library=library)
    assert "cannot be reached" in again.err
    other = run("add", FOLDER, "--captioner", "openai:model@http://other.invalid:8000/v1", library=library)
    assert "--allow-remote" in other.err
