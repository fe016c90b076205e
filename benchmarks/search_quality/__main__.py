"""Does search find what people ask for? All tasks of the retrieval bench, as users would do it.

    python -m benchmarks.search_quality [TASK ...] [--split test] [--queries 700] [--keep FOLDER] [--json FILE]

Each corpus is entered by `shotlist import` and asked through `shotlist search --batch`. Words alone (BM25), vectors
alone and reciprocal rank fusion (k = 60) of the two are asked of the same library in the same run. Prints a line of the
table in docs/benchmarks.md for each task; `--json` keeps every measure, `--keep` the libraries for another run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.search_quality import judge
from benchmarks.search_quality.systems import DEEP, Parts, entry
from benchmarks.search_quality.tasks import Query, Task, read_queries, read_tasks, write_import
from indexer.bootstrap import open_library
from indexer.settings import Settings

PRODUCT = "shotlist"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="test")
    parser.add_argument("--queries", type=int, default=700, help="of each task, at most")
    parser.add_argument("--keep", type=Path, help="folder for the libraries")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    known = read_tasks()
    chosen = [known[name] for name in arguments.tasks] if arguments.tasks else list(known.values())
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as scratch:
        for corpus, tasks in groupby(sorted(chosen, key=lambda task: task.corpus), key=lambda task: task.corpus):
            root = (arguments.keep or Path(scratch)) / corpus
            make_library(root, corpus)
            for task in tasks:
                queries = read_queries(task, split=arguments.split, most=arguments.queries)
                told[task.name] = measure(root, task, queries)
                print(line_of(task.name, len(queries), told[task.name]), flush=True)
                if arguments.json:
                    arguments.json.write_text(json.dumps(told, indent=1))


def make_library(root: Path, corpus: str) -> None:
    """Enter a corpus, where an earlier run did not."""
    done = root / "entered"
    if done.exists():
        return
    root.mkdir(parents=True, exist_ok=True)
    write_import(corpus, root / f"{corpus}.jsonl")
    shotlist(root, "import", str(root / f"{corpus}.jsonl"))
    done.touch()


def measure(root: Path, task: Task, queries: Sequence[Query]) -> dict[str, Any]:
    """Figures of each system, by kind of query where there are several, and what the whole gains over its parts."""
    runs = {**ask_parts(root, task, queries), PRODUCT: ask_product(root, task, queries)}
    kinds = sorted({query["kind"] for query in queries})
    of_kind = {kind: [query for query in queries if query["kind"] == kind] for kind in kinds}
    return {
        "queries": len(queries),
        "figures": judge.figures(task, queries, runs),
        "kinds": {kind: judge.figures(task, some, runs) for kind, some in of_kind.items() if len(kinds) > 1},
        "gains": {
            other: judge.difference(task, queries, runs[PRODUCT], runs[other]) for other in runs if other != PRODUCT
        },
    }


def ask_parts(root: Path, task: Task, queries: Sequence[Query]) -> dict[str, dict[str, Any]]:
    parts = Parts(open_library(Settings(library=root / "library")))
    runs: dict[str, dict[str, Any]] = {}
    for query in queries:
        for system, ranked in parts.rank(query["text"], task.unit).items():
            runs.setdefault(system, {})[query["id"]] = ranked
    return runs


def ask_product(root: Path, task: Task, queries: Sequence[Query]) -> dict[str, Any]:
    asked = "".join(
        json.dumps({"id": query["id"], "query": query["text"], "limit": DEEP, "by": "segments"}) + "\n"
        for query in queries
    )
    answers = map(json.loads, shotlist(root, "search", "--batch", "-", "--json", typed=asked).splitlines())
    return {
        answer["id"]: [entry(hit["identifier"], hit["start_us"], hit["end_us"], task.unit) for hit in answer["hits"]]
        for answer in answers
    }


def shotlist(root: Path, *arguments: str, typed: str = "") -> str:
    """Run the program. Raises `CalledProcessError` where it fails."""
    command = [sys.executable, "-m", "indexer.cli", *arguments]
    here = os.environ | {"SHOTLIST_LIBRARY": str(root / "library")}
    return subprocess.run(command, env=here, input=typed, stdout=subprocess.PIPE, text=True, check=True).stdout


def line_of(name: str, count: int, told: dict[str, Any]) -> str:
    """A row of the table: R@1 / R@10 of each system, then the gain over vectors with its interval."""
    cells = [f"{one['R@1']:.1f} / {one['R@10']:.1f}" for one in told["figures"].values()]
    gains = [f"{by:+.1f} [{low:+.1f}, {high:+.1f}]" for by, low, high in told["gains"]["vectors"].values()]
    return f"| {name} ({count}) | {' | '.join([*cells, *gains])} |"


if __name__ == "__main__":
    main()
