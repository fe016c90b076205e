"""Questions with their right answers, as files hold them."""

import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UsageError
from indexer.evaluation.retrieval import Answer, Asked
from indexer.evaluation.retrieval_files import read_asked


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return path


def test_json_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "qrels.jsonl",
        {"id": 1, "query": "a boat", "gold": [{"video": "v1", "start": 1, "end": 2.5}, {"identifier": "BT-1"}]},
        {"id": "x", "text": "a cat", "gold": [], "kind": "anything", "split": "dev"},
    )
    assert read_asked(path) == [
        Asked("1", "a boat", (Answer("v1", 1.0, 2.5), Answer("BT-1"))),
        Asked("x", "a cat", ()),
    ]


def test_gzip_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "qrels.jsonl.gz"
    path.write_bytes(gzip.compress('\ufeff{"id": 1, "query": "é", "gold": []}'.encode()))
    assert read_asked(path) == [Asked("1", "é", ())]


def test_trec_judgements_beside_a_table_of_queries(tmp_path: Path) -> None:
    qrels = write(tmp_path / "qrels", "q1 0 v1 1", "q1 0 v2 0", "q1 0 v3 2", "q2 0 v1 0")
    queries = write(tmp_path / "queries.tsv", "q1\ta boat at dusk", "q2\ta cat", "q3\tnobody judged this")
    assert read_asked(qrels, queries=queries) == [
        Asked("q1", "a boat at dusk", (Answer("v1"), Answer("v3"))),
        Asked("q2", "a cat", ()),
    ]


def test_queries_apart_as_json_lines(tmp_path: Path) -> None:
    qrels = write(tmp_path / "qrels.jsonl", {"id": "a", "gold": [{"video": "v"}]})
    queries = write(tmp_path / "queries.jsonl", {"id": "a", "query": "a boat"})
    assert read_asked(qrels, queries=queries) == [Asked("a", "a boat", (Answer("v"),))]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": 1, "gold": []}', "what is asked"),
        ('{"query": "a", "gold": []}', 'line 1: there is no "id"'),
        ('{"id": 1, "query": "a"}', 'no list "gold"'),
        ('{"id": 1, "query": "a", "gold": ["v1"]}', 'an object with "video"'),
        ('{"id": 1, "query": "a", "gold": [{"video": "v", "start": 3}]}', "are both given"),
        ('{"id": 1, "query": "a", "gold": [{"video": "v", "start": 3, "end": 2}]}', "are both given"),
        ('{"id": 1, "query": "a", "gold": [{"video": "v", "start": "soon", "end": 2}]}', "seconds, not 'soon'"),
        ('{"id": 1, "query": "a", "gold": []}\n{"id": 1, "query": "b", "gold": []}', "line 2: the id '1' was there"),
        ("{broken", "line 1: no JSON"),
        ("q1 v1", "four columns of TREC"),
        ("", "there is nothing in"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_asked(write(tmp_path / "qrels.jsonl", line))
    assert told in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_asked(tmp_path / "none.jsonl")


@given(st.binary(max_size=200), st.sampled_from(["q.jsonl", "q.jsonl.gz"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    path = tmp_path_factory.mktemp("odd") / name
    path.write_bytes(data)
    with suppress(UsageError):
        read_asked(path)
