"""Does search find what people ask for? The public retrieval tasks, through `Library.search` as users get it.

    python -m benchmarks.search_quality [TASK ...] [--split test] [--queries 500] [--json FILE]

Prints R@1 and R@10 a task beside vectors alone, in the same run. Figures of the rule as first measured: docs/search.md.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.text_library import BENCH, Document, fill, read_corpus, read_lines
from indexer.bootstrap import open_library
from indexer.library import Library
from indexer.settings import Settings

DEFAULT_TASKS = ("msrvtt1ka-1cap", "msvd-1cap+typo", "names-msrvtt", "names-guard", "tacos")
DEEP = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", default=DEFAULT_TASKS)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    known = json.loads((BENCH / "retrieval" / "tasks.json").read_text())
    figures = {}
    print(f"{'task':<20}{'queries':>8}{'R@1':>8}{'R@10':>8}")
    for task in arguments.tasks:
        asked = sample(task, split=arguments.split, count=arguments.queries)
        ranks = run(known[task]["corpus"], asked)
        figures[task] = {
            f"R@{k}": 100 * sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in (1, 10)
        }
        print(f"{task:<20}{len(ranks):>8}{figures[task]['R@1']:8.1f}{figures[task]['R@10']:8.1f}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))


def sample(task: str, *, split: str, count: int) -> list[dict[str, object]]:
    lines = read_lines(BENCH / "retrieval" / "tasks" / f"{task}.queries.jsonl.gz")
    asked = [line for line in lines if line["split"] == split and line["gold"]]
    random.Random(7).shuffle(asked)
    return asked[:count]


def run(corpus: str, asked: Sequence[dict[str, object]]) -> list[int | None]:
    """The rank of the first right answer to each query, or None beyond the deepest looked at."""
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as folder:
        root = Path(folder) / "library"
        of_segment = fill(root, read_corpus(corpus), fields=_fields(corpus))
        library = open_library(Settings(library=root))
        return [first_right(library, of_segment, query) for query in asked]


def first_right(library: Library, of_segment: dict[str, Document], query: dict[str, object]) -> int | None:
    gold = query["gold"]
    assert isinstance(gold, list)
    found = [of_segment[hit.segment] for hit in library.search(str(query["text"]), limit=DEEP).hits]
    if "start" in gold[0]:
        ranked: Iterable[bool] = (any(_same_moment(document, one) for one in gold) for document in found)
    else:
        names = {one["video"] for one in gold}
        ranked = (video in names for video in dict.fromkeys(document.video for document in found))
    return next((place for place, right in enumerate(ranked, start=1) if right), None)


def _same_moment(document: Document, gold: dict[str, object]) -> bool:
    """IoU of at least one half."""
    start, end = float(str(gold["start"])) * 1e6, float(str(gold["end"])) * 1e6
    shared = min(end, document.end_us) - max(start, document.start_us)
    joined = max(end, document.end_us) - min(start, document.start_us)
    return document.video == gold["video"] and shared >= joined / 2


def _fields(corpus: str) -> dict[str, dict[str, str]]:
    path = BENCH / "retrieval" / "corpora" / f"{corpus}.videos.jsonl.gz"
    if not path.exists():
        return {}
    fields: dict[str, dict[str, str]] = {}
    for line in read_lines(path):
        stated = line["fields"]
        assert isinstance(stated, dict)
        fields[str(line["id"])] = {name: str(value) for name, value in stated.items()}
    return fields


if __name__ == "__main__":
    main()
