"""How fast is a warm search over 100,000 captions?

    python -m benchmarks.search_speed [--captions 100000] [--queries 200] [--library DIR] [--json FILE]

Whole searches through `Library.search`: parsing, spelling, embedding, both searches, fusion, loading of hits. Beside
them, query by query in the same run, what one would write first: FTS5 alone with all words joined by OR, and vectors
alone, embedded with `SentenceTransformer.encode` and compared by brute force in numpy.
"""

import argparse
import json
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.text_library import BENCH, Document, fill, read_corpus, read_lines
from indexer.bootstrap import open_library
from indexer.embedding import make_embedder
from indexer.embedding.minilm import packaged_folder
from indexer.settings import Settings
from indexer.store import embeddings, open_database

CORPORA = ("msrvtt-5cap", "msvd-5cap", "charades", "charades-sta", "tacos", "yc2", "vatex-machine", "msrvtt1ka-5cap")
TASKS = ("msrvtt-1cap", "charades", "tacos", "msrvtt-1cap+kw3", "msrvtt-1cap+typo")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captions", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--library", type=Path, help="keep the library here, and use it again if it is there")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    root = arguments.library or Path(tempfile.mkdtemp(prefix="shotlist-bench-"))
    if not (root / "library.db").exists():
        fill(root, documents(arguments.captions))
    library = open_library(Settings(library=root))
    queries = sample_queries(arguments.queries)
    texts = [document.text for document in documents(arguments.captions)]
    timed = milliseconds(
        {
            "Library.search": library.search,
            "FTS5, all words": words_alone(texts),
            "vectors, numpy": vectors_alone(root),
        },
        queries,
    )
    print(f"{library.status().captions} captions, {len(queries)} queries, one at a time, warm")
    print(f"{'':<16}{'p50 ms':>8}{'p90 ms':>8}{'p99 ms':>8}")
    for name, times in timed.items():
        print(f"{name:<16}" + "".join(f"{np.percentile(times, share):8.1f}" for share in (50, 90, 99)))
    if arguments.json:
        figures = {
            name: {f"p{share}": float(np.percentile(times, share)) for share in (50, 90, 99)}
            for name, times in timed.items()
        }
        arguments.json.write_text(json.dumps({"captions": library.status().captions, **figures}, indent=1))


def documents(count: int) -> list[Document]:
    """Distinct human captions; where they run out, pairs of them joined."""
    texts: dict[str, None] = {}
    for line in read_lines(BENCH / "captions" / "msrvtt_test.jsonl.gz"):
        captions = line["captions"]
        assert isinstance(captions, list)
        texts.update(dict.fromkeys(captions))
    for corpus in CORPORA:
        texts.update(dict.fromkeys(document.text for document in read_corpus(corpus)))
    distinct = list(texts)
    dice = random.Random(7)
    while len(distinct) < count:
        distinct.append(f"{dice.choice(distinct)} and then {dice.choice(distinct)}")
    dice.shuffle(distinct)
    return [
        Document(str(n), f"video {n // 20:05}", text, n % 20 * 10_000_000, (n % 20 + 1) * 10_000_000)
        for n, text in enumerate(distinct[:count])
    ]


def sample_queries(count: int) -> list[str]:
    queries = []
    for task in TASKS:
        lines = read_lines(BENCH / "retrieval" / "tasks" / f"{task}.queries.jsonl.gz")
        queries += [str(line["text"]) for line in lines if line["split"] == "dev"]
    random.Random(7).shuffle(queries)
    return queries[:count]


def words_alone(texts: Sequence[str]) -> Callable[[str], object]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE captions USING fts5(text, tokenize='porter unicode61')")
    database.executemany("INSERT INTO captions VALUES (?)", [(text,) for text in texts])
    database.execute("INSERT INTO captions(captions) VALUES ('optimize')")
    select = "SELECT rowid FROM captions WHERE captions MATCH ? ORDER BY rank LIMIT 20"
    return lambda query: database.execute(
        select, [" OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))]
    ).fetchall()


def vectors_alone(root: Path) -> Callable[[str], object]:
    from sentence_transformers import SentenceTransformer

    database = open_database(f"sqlite:///{root / 'library.db'}", purpose="read")
    space = make_embedder("minilm").space
    with database.read() as tx:
        (layer,) = embeddings.layers(tx, space)
        vectors = embeddings.changes(tx, space, layer, after_seq=0).vectors
    model = SentenceTransformer(str(packaged_folder()), local_files_only=True)

    def search(query: str) -> object:
        scores = vectors @ model.encode([query], normalize_embeddings=True)[0]
        return np.argpartition(-scores, 20)[:20]

    return search


def milliseconds(searches: Mapping[str, Callable[[str], object]], queries: Sequence[str]) -> dict[str, list[float]]:
    """Of each way to search, the time of each query; the ways take turns, so that all see the same machine."""
    times: dict[str, list[float]] = {name: [] for name in searches}
    for query in [queries[0], *queries]:
        for name, search in searches.items():
            began = time.perf_counter()
            search(query)
            times[name].append((time.perf_counter() - began) * 1000)
    return {name: taken[1:] for name, taken in times.items()}


if __name__ == "__main__":
    main()
