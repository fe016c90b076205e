"""The harness that asks the retrieval bench: what is compared, what is read from the program, what is kept and told."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.search_quality.__main__ import main
from benchmarks.search_quality.kept import Kept, Line
from benchmarks.search_quality.measuring import PRODUCT, judged
from benchmarks.search_quality.nothing import ANSWERABLE, tell_kinds
from benchmarks.search_quality.program import Rate, read_answers
from benchmarks.search_quality.reference import REFERENCE
from benchmarks.search_quality.systems import PARTS, by_reciprocal_ranks
from benchmarks.search_quality.tasks import NOTHING, read_queries, read_tasks, read_unanswered, write_import

rankings = st.lists(st.lists(st.integers(0, 30), unique=True), max_size=3)


def line(strength: str, score: float | None = 0.0) -> Line:
    return {"query": "q", "ranked": [], "strength": strength, "score": score}


def printed(*hits: tuple[str, int, int | None, float]) -> str:
    """What the program prints of one query."""
    names = ("identifier", "start_us", "end_us", "score")
    shown = [dict(zip(names, hit, strict=True)) for hit in hits]
    return json.dumps({"id": "q", "hits": shown, "strength": "fair"}) + "\n"


def test_reciprocal_ranks_put_first_what_both_rankings_know() -> None:
    assert by_reciprocal_ranks([1, 2, 3], [4, 3]) == [3, 1, 4, 2]


@given(rankings)
def test_reciprocal_ranks_keep_every_row_once_and_one_ranking_as_it_is(some: list[list[int]]) -> None:
    fused = by_reciprocal_ranks(*some)
    assert sorted(fused) == sorted({row for ranking in some for row in ranking})
    assert all(by_reciprocal_ranks(ranking) == ranking for ranking in some)


@pytest.mark.parametrize(("unit", "ranked"), [("video", ["a", "b"]), ("moment", [["a", 1.5, 2.0], "b"])])
def test_a_line_of_the_program_is_read_in_the_unit_of_the_task(unit: str, ranked: list[object]) -> None:
    answers = list(read_answers(printed(("a", 1_500_000, 2_000_000, 0.9), ("b", 0, None, 0.4)), unit))
    assert answers == [{"query": "q", "ranked": ranked, "strength": "fair", "score": 0.9}]


def test_an_answer_without_hits_has_no_score() -> None:
    (answer,) = read_answers(printed(), "video")
    assert answer["score"] is None


def test_what_is_kept_is_read_again_and_the_last_answer_counts(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "runs", "a task", "reciprocal ranks")
    assert kept.read() == {}
    kept.add([{"query": "1", "ranked": ["a"]}, {"query": "2", "ranked": []}])
    kept.add([{"query": "2", "ranked": ["b"]}])
    assert kept.read() == {"1": {"query": "1", "ranked": ["a"]}, "2": {"query": "2", "ranked": ["b"]}}
    assert Kept(tmp_path / "runs", "a task", "words").read() == {}


def test_a_rate_is_lines_by_seconds() -> None:
    rate = Rate(30, 20.0, 10.0)
    assert (rate.a_second, rate.a_processor_second) == (1.5, 3.0)


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
def test_of_each_kind_it_is_told_how_often_nothing_is_said_to_match() -> None:
    told = tell_kinds(
        {
            ANSWERABLE: [line("strong", 0.9), line("weak", 0.5)],
            "cooking": [line("none", None), line("none", 0.6), line("weak", 0.2), line("strong", 0.3)],
        }
    )
    assert told[ANSWERABLE] == {"queries": 2, "nothing": 0.0, "nothing or weak": 50.0}
    assert told["cooking"] == {
        "queries": 4,
        "nothing": 50.0,
        "nothing or weak": 75.0,
        "area by strength": (3.5 + 2.5) / 8,
        "area by score": 7 / 8,
    }


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
def test_figures_are_of_all_questions_and_of_each_kind_with_the_gain_over_each_part() -> None:
    task = read_tasks()["names-msrvtt"]
    queries = read_queries(task, split="test", most=60)
    right = {query["id"]: {"ranked": [query["gold"][0]["video"]]} for query in queries}
    nobody: dict[str, Line] = {query["id"]: {"ranked": []} for query in queries}
    told = judged(task, queries, {"vectors": nobody, PRODUCT: right})
    assert told["figures"][PRODUCT]["R@1"] == 100
    assert told["gains"] == {"vectors": {"R@1": (100, 100, 100), "R@10": (100, 100, 100)}}
    assert sum(kind["queries"] for kind in told["kinds"].values()) == told["queries"] == 60
    assert all(kind["figures"]["vectors"]["R@10"] == 0 for kind in told["kinds"].values())


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize(
    ("task", "asked"), [("tacos", 1264), ("msrvtt-1cap", 1409), ("charades-sta", 1388), ("names-natural", 105)]
)
def test_the_questions_are_as_many_as_the_reference_was_taken_on(task: str, asked: int) -> None:
    queries = read_queries(read_tasks()[task], split="test", most=10**6)
    assert len(queries) == asked
    assert {query["split"] for query in queries} == {"test"}
    assert list(read_queries(read_tasks()[task], split="test", most=5)) == list(queries[:5])


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
def test_questions_without_an_answer_are_of_three_kinds_and_none_has_one() -> None:
    kinds = read_unanswered(split="test", most=20)
    assert {kind: len(some) for kind, some in kinds.items()} == {"removed": 20, "cooking": 20, "home": 20}
    assert not any(query["gold"] for query in kinds["removed"])
    ids = [query["id"] for some in kinds.values() for query in some]
    assert len(set(ids)) == len(ids)


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
def test_a_corpus_becomes_lines_to_import_and_the_fields_of_a_video_go_with_one(tmp_path: Path) -> None:
    count = write_import("names-yc2", tmp_path / "lines.jsonl")
    rows = [json.loads(row) for row in (tmp_path / "lines.jsonl").read_text().splitlines()]
    assert count == len(rows)
    stated = [row["video"] for row in rows if "fields" in row]
    assert len(set(stated)) == len(stated) == len({row["video"] for row in rows})


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
def test_every_reference_is_of_a_task() -> None:
    assert read_tasks().keys() > REFERENCE.keys()


@pytest.mark.footage
@pytest.mark.usefixtures("bench")
def test_what_was_asked_is_told_and_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    task = read_tasks()[NOTHING]
    root = tmp_path / task.corpus
    root.mkdir()
    (root / "entered").write_text('{"texts": 1495, "seconds": 14.95, "processor_seconds": 29.9}')
    queries = read_queries(task, split="test", most=4)
    right: list[dict[str, Any]] = [
        {"query": query["id"], "ranked": [query["gold"][0]["video"]], "strength": "strong", "score": 1.0}
        for query in queries
    ]
    for system in (*PARTS, PRODUCT):
        Kept(root / "runs", task.name, system).add(one | ({} if system == PRODUCT else {"ranked": []}) for one in right)
    for kind, some in read_unanswered(split="test", most=4).items():
        Kept(root / "runs", task.name, kind).add(
            {"query": query["id"], "ranked": [], "strength": "none", "score": None} for query in some
        )
    monkeypatch.setattr(sys, "argv", ["search_quality", NOTHING, "--queries", "4", "--keep", str(tmp_path)])
    main()
    assert not (root / "library").exists()
    told = capsys.readouterr().out
    gain = "+100.0 [+100.0, +100.0]"
    assert f"| {NOTHING} (4) |{' 0.0 / 0.0 |' * 3} 100.0 / 100.0 |  | {gain} | {gain} |" in told
    assert f"| {ANSWERABLE} (4) | 0.0 | 0.0 |" in told
    assert "| cooking (4) | 100.0 | 100.0 | 1.000 | 1.000 |" in told
    assert f"| {task.corpus} | 1,495 | 100.0 | 50.0 |" in told
