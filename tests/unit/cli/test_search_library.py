"""`shotlist search`, `search --batch`, `similar` and `evaluate search` over a small library that was really indexed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.bootstrap import open_ingester
from indexer.cli import shotlist
from indexer.errors import UsageError
from indexer.settings import Settings
from tests.fakes.library import draw_footage

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films of one shot each."""
    root = tmp_path_factory.mktemp("real")
    (root / "footage").mkdir()
    for title, seconds in (("night-train", 3), ("harbour-dawn", 4)):
        draw_footage(root / "footage" / f"{title}.mp4", seconds=seconds)
    report = open_ingester(Settings(library=root / "library"), captioner="measured").add(
        [root / "footage"], watch=lambda _progress: None
    )
    assert [file.state for file in report.files] == ["indexed", "indexed"]
    return root / "library"


def run(library: Path, *arguments: object, typed: str | None = None) -> Result:
    asked = [*map(str, arguments), "--library", str(library)]
    return CliRunner().invoke(shotlist, asked, standalone_mode=False, input=typed)


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exception is None, result.exception
    return [json.loads(text) for text in result.stdout.splitlines()]


def test_a_title_is_found_and_told(library: Path) -> None:
    result = run(library, "search", "night train")
    assert result.exception is None
    assert result.return_value == 0
    assert result.stdout.splitlines()[0].split()[:3] == ["1", "00:00:00:00", "night-train"]


def test_json_ends_with_a_summary(library: Path) -> None:
    *hits, summary = lines(run(library, "search", "night train", "--json", "--by", "videos", "--limit", "1"))
    assert [hit["title"] for hit in hits] == ["night-train"]
    assert summary["summary"]["nothing"] is False  # type: ignore[index]


def test_every_line_of_a_batch_is_answered_in_order(library: Path) -> None:
    asked = [
        '{"id": "a", "query": "night train", "limit": 1}',
        "",
        "nonsense",
        '{"id": 7, "query": "harbour dawn", "by": "videos"}',
        '{"query": "QX-4471"}',
    ]
    result = run(library, "search", "--batch", "-", "--json", typed="\n".join(asked))
    answers = lines(result)
    assert [one["id"] for one in answers] == ["a", None, 7, None]
    assert [one["v"] for one in answers] == [1, 1, 1, 1]
    assert [hit["title"] for hit in answers[0]["hits"]] == ["night-train"]  # type: ignore[attr-defined]
    assert (answers[1]["line"], "error" in answers[1], "hits" in answers[1]) == (3, True, False)
    assert answers[2]["hits"][0]["title"] == "harbour-dawn"  # type: ignore[index]
    assert answers[3]["nothing"] is True
    assert result.return_value == 1  # one line was no query
    assert "1 line could not be read" in result.stderr


def test_filters_and_limit_hold_for_all_of_a_batch(library: Path) -> None:
    queries = '{"query": "the picture"}\n' * 3
    result = run(library, "search", "--batch", "-", "--json", "--limit", 1, "--longer", "3.5", typed=queries)
    assert [[hit["title"] for hit in one["hits"]] for one in lines(result)] == [["harbour-dawn"]] * 3  # type: ignore[attr-defined]
    assert result.return_value == 0


def test_why_filters_find_nothing_is_said_wherever_they_stand(library: Path) -> None:
    typed = run(library, "search", "in:nowhere train")
    assert typed.stderr.splitlines() == [
        "No file here lies in a folder called “nowhere”.",
        "Nothing in this library matches 'in:nowhere train'.",
    ]
    given = run(library, "search", "", "--folder", "nowhere")
    assert given.stderr.splitlines() == typed.stderr.splitlines()[:1]
    (line,) = lines(run(library, "search", "train by:nobody", "--after", "2300", "--json"))
    told: dict[str, list[str]] = line["summary"]  # type: ignore[assignment]
    assert told["unmet_filters"] == ["after:2300"]
    assert [one.split(" ")[0] for one in told["remarks"]] == ["“by:”", "Of"]
    assert told["unknown_words"] == ["nobody"], "a word, where the filter is none"


def test_filters_alone_are_listed_by_video_too(library: Path) -> None:
    *hits, _ = lines(run(library, "search", "in:footage", "--json", "--by", "videos"))
    assert {(hit["title"], hit["more"]) for hit in hits} == {("night-train", 0), ("harbour-dawn", 0)}


def test_an_unknown_video_is_told(library: Path) -> None:
    assert isinstance(run(library, "search", "x", "--video", "v0").exception, UsageError)


def test_evaluating_search(library: Path, tmp_path: Path) -> None:
    qrels = tmp_path / "qrels.jsonl"
    rows = [
        {"id": 1, "query": "night train", "gold": [{"video": "night-train.mp4"}]},
        {"id": 2, "query": "harbour dawn", "gold": [{"video": "harbour-dawn", "start": 0, "end": 4}]},
        {"id": 3, "query": "QX-4471", "gold": []},
    ]
    qrels.write_text("\n".join(map(json.dumps, rows)))
    videos, moments, nothing = lines(run(library, "evaluate", "search", qrels, "--json"))
    assert (videos["unit"], videos["queries"], videos["scores"]["R@1"]["score"]) == ("videos", 1, 1.0)  # type: ignore[index]
    assert (moments["unit"], moments["scores"]["R@1 IoU 0.7"]["score"]) == ("moments", 1.0)  # type: ignore[index]
    assert (nothing["unit"], nothing["unanswerable"], nothing["said_of_unanswerable"]) == ("nothing", 1, 1.0)
    section = PAGE.read_text().split("`shotlist evaluate search")[1].split("\n## ")[0]
    assert [name for one in (videos, nothing) for name in one if f"`{name}`" not in section and name != "v"] == []


def test_evaluating_for_people(library: Path, tmp_path: Path) -> None:
    qrels, queries = tmp_path / "qrels", tmp_path / "queries.tsv"
    qrels.write_text("q1 0 night-train 1\nq2 0 harbour-dawn 0\n")
    queries.write_text("q1\tnight train\nq2\tQX-4471\n")
    result = run(library, "evaluate", "search", qrels, "--queries", queries)
    assert result.exception is None
    assert ["R@10", "100.0", "100.0-100.0"] in [line.split() for line in result.stdout.splitlines()]
    assert '"Nothing matches" was said of 100.0 % of 1 queries without an answer, and of 0.0 % of 1 with one.' in (
        result.stdout
    )


def test_names_that_nothing_goes_by_are_told(library: Path, tmp_path: Path) -> None:
    qrels = tmp_path / "qrels.jsonl"
    qrels.write_text(json.dumps({"id": 1, "query": "night train", "gold": [{"video": "tape-7"}]}))
    result = run(library, "evaluate", "search", qrels)
    assert result.exception is None
    assert "goes by the name of a right answer, such as 'tape-7'" in result.stderr
