"""Does search find what people ask for? All tasks of the retrieval bench, as users would do it.

    python -m benchmarks.search_quality [TASK ...] [--split test] [--queries N] [--keep FOLDER] [--json FILE]

Each corpus is entered by `shotlist import` and asked through `shotlist search --batch`. Words alone (BM25), vectors
alone and reciprocal rank fusion (k = 60) of the two are asked of the same library in the same run, beside the program.
Prints the rows of docs/benchmarks.md. `--keep` keeps the libraries and every ranking, as the bench's `evaluate.py`
reads it: what was asked is not asked again, so remove `FOLDER/*/runs/*.shotlist.jsonl` to measure a change. `--json`
keeps every measure.
"""

import argparse
import json
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.search_quality.measuring import measure
from benchmarks.search_quality.program import Rate, make_library
from benchmarks.search_quality.tables import print_row, print_tables
from benchmarks.search_quality.tasks import REFERENCE_QUERIES, read_tasks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="test")
    parser.add_argument("--queries", type=int, default=REFERENCE_QUERIES, help="of each task, at most")
    parser.add_argument("--keep", type=Path, help="folder for the libraries and the rankings")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    known = read_tasks()
    chosen = sorted((known[name] for name in arguments.tasks or known), key=lambda task: task.corpus)
    told: dict[str, Any] = {}
    entered: dict[str, Rate] = {}
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as scratch:
        for corpus, tasks in groupby(chosen, key=lambda task: task.corpus):
            root = (arguments.keep or Path(scratch)) / corpus
            entered[corpus] = make_library(root, corpus)
            for task in tasks:
                told[task.name] = measure(root, task, split=arguments.split, most=arguments.queries)
                print_row(task.name, told[task.name])
                if arguments.json:
                    arguments.json.write_text(json.dumps(told, indent=1))
    print_tables(told, entered=entered)


if __name__ == "__main__":
    main()
