"""The tasks of the retrieval bench, as files that `shotlist import` and `shotlist search --batch` read."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.text_library import BENCH, read_lines

ROOT = BENCH / "retrieval"
Query = Mapping[str, Any]  # as in the bench: id, text, kind, split, gold


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    corpus: str
    unit: str  # video or moment


def read_tasks() -> dict[str, Task]:
    known = json.loads((ROOT / "tasks.json").read_text())
    return {name: Task(name, about["corpus"], about["unit"]) for name, about in known.items()}


def read_queries(task: Task, *, split: str, most: int) -> Sequence[Query]:
    """The queries of a split that have an answer, or so many of them by chance."""
    lines = read_lines(ROOT / "tasks" / f"{task.name}.queries.jsonl.gz")
    asked = [line for line in lines if split in ("all", line["split"]) and line["gold"]]
    random.Random(7).shuffle(asked)
    return asked[:most]


def write_import(corpus: str, path: Path) -> None:
    """The documents of a corpus, a line each, for `shotlist import`; the fields of a video go with its first."""
    with path.open("w") as lines:
        for row in _rows(corpus):
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _rows(corpus: str) -> Iterator[dict[str, object]]:
    fields = _fields(corpus)
    for document in read_lines(ROOT / "corpora" / f"{corpus}.docs.jsonl.gz"):
        row = {"video": document["video"], "text": document["text"]}
        row |= {name: document[name] for name in ("start", "end") if name in document}
        if stated := fields.pop(str(document["video"]), None):
            row |= {"title": stated.pop("title"), "fields": stated}
        yield row


def _fields(corpus: str) -> dict[str, dict[str, object]]:
    path = ROOT / "corpora" / f"{corpus}.videos.jsonl.gz"
    return {str(line["id"]): dict(line["fields"]) for line in read_lines(path)} if path.exists() else {}  # type: ignore[call-overload]
