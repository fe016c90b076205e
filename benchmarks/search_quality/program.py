"""The program as anybody runs it: `shotlist import` enters a corpus, `shotlist search --batch` asks."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.search_quality.kept import Line
from benchmarks.search_quality.systems import entry
from benchmarks.search_quality.tasks import Query, write_import

STRENGTHS = ("none", "weak", "fair", "strong")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many lines the program took, the seconds from its start to its end, and those of a processor it took."""

    lines: int
    seconds: float
    processor_seconds: float

    @property
    def a_second(self) -> float:
        return self.lines / self.seconds

    @property
    def a_processor_second(self) -> float:
        return self.lines / self.processor_seconds


def make_library(root: Path, corpus: str) -> Rate:
    """Enter a corpus, vectors and index included, or say how fast an earlier run entered it."""
    done = root / "entered"
    if not done.exists():
        root.mkdir(parents=True, exist_ok=True)
        texts = write_import(corpus, root / f"{corpus}.jsonl")
        _, seconds, of_processor = shotlist(root, "import", str(root / f"{corpus}.jsonl"))
        done.write_text(json.dumps({"texts": texts, "seconds": seconds, "processor_seconds": of_processor}))
    told = json.loads(done.read_text())
    return Rate(told["texts"], told["seconds"], told["processor_seconds"])


def ask(root: Path, queries: Sequence[Query], *, unit: str, limit: int) -> tuple[list[Line], Rate]:
    """What the program answers to each, of segments, and how fast all of it came."""
    asked = ({"id": query["id"], "query": query["text"], "limit": limit, "by": "segments"} for query in queries)
    printed, *seconds = shotlist(root, "search", "--batch", "-", "--json", typed=asked)
    return list(read_answers(printed, unit)), Rate(len(queries), *seconds)


def read_answers(printed: str, unit: str) -> Iterator[Line]:
    """`strength` is one of `STRENGTHS`, `score` that of the first hit, if there is any."""
    for line in map(json.loads, printed.splitlines()):
        hits = line["hits"]
        ranked = [entry(hit["identifier"], hit["start_us"], hit["end_us"], unit) for hit in hits]
        score = max((hit["score"] for hit in hits), default=None)
        yield {"query": line["id"], "ranked": ranked, "strength": line["strength"], "score": score}


def shotlist(root: Path, *arguments: str, typed: Iterable[object] = ()) -> tuple[str, float, float]:
    """Run the program with these JSON lines as its input: what it prints, its seconds, and those of a processor.

    Raises `CalledProcessError` where it fails.
    """
    command = [sys.executable, "-m", "indexer.cli", *arguments]
    here = os.environ | {"SHOTLIST_LIBRARY": str(root / "library")}
    lines = "".join(json.dumps(line) + "\n" for line in typed)
    began, spent = time.monotonic(), _spent()
    ended = subprocess.run(command, env=here, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return ended.stdout, round(time.monotonic() - began, 1), round(_spent() - spent, 1)


def _spent() -> float:
    """Seconds of a processor that programs started here took, those that ended."""
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return of_children.ru_utime + of_children.ru_stime
