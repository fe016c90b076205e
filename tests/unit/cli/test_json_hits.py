"""The JSON shapes of what a search finds."""

import json
from dataclasses import replace
from pathlib import Path

from indexer.cli.json_hits import answer_line, hit_line, summary_line
from indexer.domain import Correction, Evidence, SearchResult, SegmentId
from tests.fakes.one_hit import HIT

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"
PROMISED = [
    "video",
    "identifier",
    "title",
    "path",
    "segment",
    "start_us",
    "end_us",
    "timecode",
    "text",
    "recipe",
    "score",
    "strength",
    "evidence",
    "segments",
    "repeats",
    "more",
    "steps",
]


def test_a_hit_has_exactly_the_promised_fields() -> None:
    line = hit_line(HIT)
    assert list(line) == PROMISED
    assert line["evidence"] == [
        {
            "signal": "words",
            "rank": 1,
            "field": "caption",
            "words": ["boat"],
            "spans": [],
            "text": "",
            "strength": None,
        }
    ]
    assert line["segments"] == ["s1"]
    json.dumps(line)


def test_repeats_and_steps_are_hits_themselves() -> None:
    said = Evidence("words", None, "transcript", ("boat",), ((2, 6),), "a boat!", None)
    inner = replace(HIT, segment=SegmentId("s2"), evidence=(said,))
    line = hit_line(replace(HIT, repeats=(inner,), steps=(HIT, inner), segments=(HIT.segment, inner.segment), more=3))
    assert (line["segments"], line["more"]) == (["s1", "s2"], 3)
    assert (line["repeats"], line["steps"]) == ([hit_line(inner)], [hit_line(HIT), hit_line(inner)])
    assert hit_line(inner)["evidence"][0]["spans"] == [[2, 6]]  # type: ignore[index]
    json.dumps(line)


def test_the_summary() -> None:
    told = {"unmet_filters": ("in:x",), "remarks": ("No file here lies in a folder called “x”.",)}
    result = SearchResult((), "none", ("xk-7777",), "xk-7777 boat", (Correction("boaf", "boat"),), **told)
    assert summary_line(result) == {
        "summary": {
            "strength": "none",
            "nothing": True,
            "unknown_words": ["xk-7777"],
            "read_as": "xk-7777 boat",
            "corrections": [{"typed": "boaf", "read": "boat"}],
            "unmet_filters": ["in:x"],
            "remarks": ["No file here lies in a folder called “x”."],
        }
    }


def test_the_answer_to_one_query_of_many() -> None:
    line = answer_line(7, SearchResult((HIT,), "fair", (), "boat"))
    summary = ["strength", "nothing", "unknown_words", "read_as", "corrections", "unmet_filters", "remarks"]
    assert list(line) == ["id", "hits", *summary]
    assert (line["id"], line["hits"], line["nothing"]) == (7, [hit_line(HIT)], False)


def test_the_page_of_shapes_has_every_field() -> None:
    section = PAGE.read_text().split("## A hit")[1].split("\n## ")[0]
    answer = answer_line(7, SearchResult((), "none", (), "", (Correction("a", "b"),)))
    fields = [*hit_line(HIT), *hit_line(HIT)["evidence"][0], *answer]  # type: ignore[index]
    assert [name for name in fields if f"`{name}`" not in section] == []
