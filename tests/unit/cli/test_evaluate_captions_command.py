"""`shotlist evaluate captions`: a library's captions, a model's, people alone; and what does not match.

Without Java, but for the test of METEOR beside the scores: its program takes long to start.
"""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import shotlist
from indexer.domain import Caption, Recipe
from indexer.errors import ComponentError, LibraryError, UsageError
from indexer.library_folder import LibraryFolder
from indexer.store import open_database, segments
from tests.fakes.captioned_library import put_video

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"
PEOPLE = {
    "boat": ["a red boat crosses the harbour", "a boat is sailing out of a harbour", "the boat leaves the harbour"],
    "tram": ["a tram turns into a street", "a tram drives round a corner", "the tram is turning"],
    "dog": ["a dog runs on the beach", "the dog is running by the sea", "a dog on a beach"],
}


@pytest.fixture(autouse=True)
def without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    for name in ("SHOTLIST_LIBRARY", "SHOTLIST_DATABASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def references(tmp_path: Path) -> Path:
    path = tmp_path / "people.json"
    path.write_text(json.dumps(PEOPLE))
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Of two of the videos; one recipe has written of both, the other of one. The tram is in two segments."""
    folder = LibraryFolder(tmp_path / "library")
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    with database.write() as tx:
        _, boat = put_video(tx, "boat", seconds=(0, 10))
        _, tram = put_video(tx, "tram.mp4", seconds=(0, 2, 10))
        put_video(tx, "somewhere else", seconds=(0, 10))
        told = [(boat[0], "a boat in a harbour"), (tram[0], "a street"), (tram[1], "a tram turns into a street")]
        segments.put_captions(tx, [Caption(one.id, text, Recipe("full/1")) for one, text in told], {})
        part = [(boat[0], "a ship"), (tram[0], "rails")]
        segments.put_captions(tx, [Caption(one.id, text, Recipe("part/1")) for one, text in part], {})
    database.close()
    return folder.root


def run(*arguments: object) -> Result:
    return CliRunner().invoke(shotlist, ["evaluate", "captions", *map(str, arguments)], standalone_mode=False)


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exception is None, result.exception
    return [json.loads(text) for text in result.stdout.splitlines()]


def test_people_alone(references: Path) -> None:
    result = run(references, "--json")
    (people,) = lines(result)
    assert result.return_value == 0
    assert (people["v"], people["writer"], people["videos"], people["references"]) == (1, "people", 3, 9)
    assert (people["rounds"], people["resamples"], people["library"]) == (3, 1000, "pycocoevalcap 1.2")
    assert str(people["tokenizer"]).startswith("words")
    assert "METEOR: it needs Java" in result.stderr
    assert "people.json: JSON, 9 captions of 3 videos" in result.stderr


def test_the_page_of_shapes_has_every_field(references: Path) -> None:
    (people,) = lines(run(references, "--json"))
    section = PAGE.read_text().split("`shotlist evaluate captions")[1].split("\n## ")[0]
    assert [name for name in people if f"`{name}`" not in section and name != "v"] == []


def test_candidates_and_what_does_not_match(references: Path, tmp_path: Path) -> None:
    candidates = tmp_path / "model.csv"
    candidates.write_text("video,caption\nfilms/boat.mp4,a red boat\ntram,\ncat,a cat\n")
    result = run(references, "--candidates", candidates, "--json")
    model, people = lines(result)
    assert result.return_value == 1  # nothing on the dog
    assert (model["writer"], model["videos"], model["missing"], model["unused"]) == (
        str(candidates),
        2,
        ["dog"],
        ["cat"],
    )
    assert (model["empty"], people["videos"]) == (1, 2)
    assert "model.csv has nothing on 1 of 3: dog" in result.stderr
    assert "nobody wrote of 1 of its videos: cat" in result.stderr


def test_a_librarys_recipes_each_with_the_people_who_wrote_of_the_same(references: Path, library: Path) -> None:
    result = run(references, "--library", library, "--rounds", "1", "--json")
    told = [(one["writer"], one["videos"], one["rounds"], one["missing"]) for one in lines(result)]
    assert told == [
        ("full/1", 2, 1, ["dog"]),
        ("people", 2, 1, []),
        ("part/1", 1, 1, ["tram", "dog"]),
        ("people", 1, 1, []),
    ]
    scores = lines(run(references, "--library", library, "--recipe", "full/1", "--json"))[0]["scores"]
    assert isinstance(scores, dict)
    assert scores["BLEU-1"]["score"] > 0.9  # it is the tram's longer segment that is compared


def test_for_people_in_a_narrow_terminal(references: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    shown = run(references, "--library", library, "--recipe", "full/1").stdout.splitlines()
    assert shown[0].split()[-2:] == ["full/1", "people"]
    assert [line.split()[0] for line in shown[1:]] == [
        *("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr-D", "videos", "references", "rounds"),
    ]
    assert max(map(len, shown)) <= 70


def test_two_videos_of_one_name_are_nobodys(references: Path, library: Path) -> None:
    database = open_database(f"sqlite:///{library / 'library.db'}", purpose="write")
    with database.write() as tx:
        put_video(tx, "boat.mov", seconds=(0, 10))
    database.close()
    result = run(references, "--library", library, "--recipe", "full/1", "--json")
    assert lines(result)[0]["missing"] == ["boat", "dog"]
    assert "several videos of the library are called boat" in result.stderr


def test_what_makes_no_sense(references: Path, library: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("video,caption\ncat,a cat\n")
    for arguments, told in (
        ((references, "--candidates", other), "named such as 'boat'; captions are of such as 'cat'"),
        ((references, "--candidates", other, "--recipe", "1"), "leave one of them out"),
        ((references, "--library", library, "--recipe", "none/1"), "no recipe has the number or name"),
        ((other,), "nothing to compare: give --candidates"),
        ((references, "--tokenizer", "ptb"), "needs Java"),
    ):
        error = run(*arguments).exception
        assert isinstance(error, UsageError | ComponentError)
        assert told in str(error)


def test_a_library_that_is_named_must_be_there(references: Path, tmp_path: Path) -> None:
    assert isinstance(run(references, "--library", tmp_path / "none").exception, LibraryError)
    assert isinstance(run(references, "--recipe", "1").exception, LibraryError)


def test_without_the_library_that_scores(references: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import indexer.cli.evaluate  # noqa: F401 (loaded before there is nothing to load from)

    monkeypatch.setattr(sys, "path", [])
    error = run(references).exception
    assert isinstance(error, ComponentError)
    assert "pip install 'shotlist-video[evaluate]'" in str(error)
