"""The JSON shapes that programs rely on."""

import json
import os
from pathlib import Path

import pytest

from indexer.cli.json_lines import hit_line, path_fields, report_object, summary_line
from indexer.domain import Evidence, FileReport, Hit, IngestReport, Recipe, SearchResult, SegmentId, VideoId

HIT = Hit(
    video=VideoId("v1"),
    identifier=None,
    title="Harbour",
    path=Path("/footage/a.mp4"),
    segment=SegmentId("s1"),
    start_us=1_000_000,
    end_us=None,
    timecode="00:00:01:00",
    text="a boat",
    recipe=Recipe("measured/1"),
    score=0.5,
    strength="fair",
    evidence=(Evidence("words", 1, "caption", ("boat",)),),
    keyframe=None,
)


def test_a_hit_has_exactly_the_promised_fields() -> None:
    line = hit_line(HIT)
    promised = "video identifier title path segment start_us end_us timecode text recipe score strength evidence"
    assert list(line) == promised.split()
    assert line["evidence"] == [{"signal": "words", "rank": 1, "field": "caption", "words": ["boat"]}]
    json.dumps(line)


def test_the_summary() -> None:
    result = SearchResult((), "none", ("xk-7777",), "xk-7777")
    promised = {"strength": "none", "nothing": True, "unknown_words": ["xk-7777"], "read_as": "xk-7777"}
    assert summary_line(result) == {"summary": promised}


@pytest.mark.parametrize("name", ["plain.mp4", "Łódź.mp4", 'with "quotes"\n.mp4'])
def test_a_name_in_utf8_stands_as_it_is(name: str) -> None:
    assert path_fields(Path(name)) == {"path": name}


def test_a_name_that_is_not_utf8_comes_as_bytes_too() -> None:
    fields = path_fields(Path(os.fsdecode(b"caf\xe9.mp4")))
    assert fields == {"path": "caf\ufffd.mp4", "path_bytes": "Y2Fm6S5tcDQ="}
    json.dumps(fields).encode("utf-8")


def test_the_report() -> None:
    files = (FileReport(Path("/a.mp4"), "refused", "empty", "the file is empty"),)
    report = report_object(IngestReport(files, ignored=2, seconds=1.5))
    assert report["v"] == 1
    assert report["files"] == [
        {
            "path": "/a.mp4",
            "state": "refused",
            "reason": "empty",
            "message": "the file is empty",
            "warnings": [],
            "video": None,
            "duration_us": None,
            "segments": 0,
        }
    ]
