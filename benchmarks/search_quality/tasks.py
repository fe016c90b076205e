"""The tasks of the retrieval bench, as files that `shotlist import` and `shotlist search --batch` read."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.text_library import BENCH, read_lines

ROOT = BENCH / "retrieval"
NOTHING = "none-msrvtt"  # the task whose questions have no answer, or half of them
REFERENCE_QUERIES, CHANCE = 2_000, 7  # the figures in `reference` were taken on so many of a task, drawn so
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
    """The queries of a split that have an answer, among those the reference was taken on, or so many of them."""
    lines = read_split(task.name, "all")
    chosen = (lines[place] for place in np.random.default_rng(CHANCE).permutation(len(lines))[:REFERENCE_QUERIES])
    return [line for line in chosen if split in ("all", line["split"]) and line["gold"]][:most]


def read_split(name: str, split: str) -> list[Query]:
    """All queries of a task that are of a split."""
    lines = read_lines(ROOT / "tasks" / f"{name}.queries.jsonl.gz")
    return [line for line in lines if split in ("all", line["split"])]


def read_unanswered(*, split: str, most: int) -> dict[str, Sequence[Query]]:
    """{kind: questions to which the library of `NOTHING` has no answer}, so many of each by chance: those whose video
    was removed from it, what is done in kitchens, and what people do at home."""
    steps = read_lines(ROOT / "corpora" / "yc2.docs.jsonl.gz")
    kinds: dict[str, list[Query]] = {
        "removed": [query for query in read_split(NOTHING, split) if not query["gold"]],
        "cooking": [{"id": f"cooking:{step['id']}", "text": step["text"], "gold": []} for step in steps],
        "home": read_split("charades", split),
    }
    for some in kinds.values():
        random.Random(CHANCE).shuffle(some)
    return {kind: some[:most] for kind, some in kinds.items()}


def write_import(corpus: str, path: Path) -> int:
    """The documents of a corpus, a line each, for `shotlist import`; the fields of a video go with its first. Says how
    many they are."""
    rows = list(_rows(corpus))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return len(rows)


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
