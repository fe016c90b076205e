"""The JSON shapes that programs rely on."""

import json
import os
from pathlib import Path

import pytest

from indexer.cli.json_lines import path_fields, report_object
from indexer.domain import FileReport, IngestReport


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
