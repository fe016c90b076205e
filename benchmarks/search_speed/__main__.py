"""How fast is a search over a hundred thousand or a million captions?

    python -m benchmarks.search_speed --library DIR [--captions 1000000] [--queries 200] [--json FILE]

Whole searches through `Library.search`, one at a time and warm (the library's files are read through before): parsing,
spelling, embedding, both searches, fusion, loading of hits; without a filter, with one that a thousandth of the
segments pass, and while another process writes.
The library is made in DIR where it is not there yet, and kept.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.search_speed.corpus import captions, distinct_captions, sample_queries
from benchmarks.search_speed.filling import NARROW, fill
from benchmarks.search_speed.timing import Times, table, timed
from indexer.bootstrap import open_library
from indexer.domain import Facet, Filters
from indexer.embedding import make_embedder
from indexer.ingest import Publisher, hubs
from indexer.library_folder import LibraryFolder
from indexer.settings import Settings
from indexer.store import open_database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--captions", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if not (arguments.library / "library.db").exists():
        make(arguments.library, arguments.captions)
    measured = measure(arguments.library, sample_queries(3 * arguments.queries))
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=1))


def make(root: Path, count: int) -> None:
    """Fill a library and publish its index, saying what each took. How central its captions are is not measured."""
    folder, embedder = LibraryFolder(root), make_embedder("minilm")
    folder.create()
    distinct = distinct_captions(embedder, root.parent / "distinct.npy")
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    began = time.perf_counter()
    fill(database, captions(count, distinct), embedder)
    print(f"{count} captions written in {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    hubs.VIDEOS_FOR_HUBS = count
    Publisher(folder, database).publish(embedder.space)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"index built in {time.perf_counter() - began:.0f} s; at most {memory:.1f} GB of memory in use")
    database.close()


def measure(root: Path, queries: list[str]) -> dict[str, Times]:
    """A third of the queries each way: the vector of one that was asked before is remembered."""
    for file in (root / "library.db", *(root / "indexes").glob("*.index")):
        print(f"{file.name[:12]} {file.stat().st_size / 1e6:.0f} MB")
    print(f"cold: `shotlist search` {_cold(root):.1f} s")
    library = open_library(Settings(library=root))
    gc.freeze()  # as the server does
    narrow = Filters(facets=(Facet(*NARROW),))
    idle, filtered, busy = queries[::3], queries[1::3], queries[2::3]
    read_through(root)
    measured = {"idle": timed(library.search, idle)}
    read_through(root)
    measured["a thousandth allowed"] = timed(lambda query: library.search(query, filters=narrow), filtered)
    read_through(root)
    seconds = str(sum(measured["idle"]["search"]) / 1000 + 5)
    with subprocess.Popen([sys.executable, "-m", "benchmarks.search_speed.writing", str(root), seconds]):
        time.sleep(3)
        measured["while an ingest writes"] = timed(library.search, busy)
    for name, times in measured.items():
        print(f"\n{name}, {len(times['search'])} queries", *table(times), sep="\n")
    return measured


def read_through(root: Path) -> None:
    """Have the library's files in the system's memory, where a library in use has them: virtual machines may lose what
    was not read for some seconds. By another process: one that opens and closes a database's file itself loses its
    locks on it, and others then take its log away."""
    files = map(str, (root / "library.db", *(root / "indexes").glob("*.index")))
    subprocess.run(["cat", *files], check=True, stdout=subprocess.DEVNULL)


def _cold(root: Path) -> float:
    """Seconds from the start of the program to its end, the second time: files are in the system's memory."""
    command = [sys.executable, "-m", "indexer.cli", "search", "a man plays a guitar", "--library", str(root)]
    for _ in range(2):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
