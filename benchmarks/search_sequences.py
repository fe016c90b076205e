"""Does `A THEN B` find two moments in order? Sentences about neighbouring moments of one video, asked as one query.

    python -m benchmarks.search_sequences [TASK ...] [--split test] [--pairs 250] [--keep FOLDER]

A pair is a query of the retrieval bench and the next about the same video that begins after it, within a minute. It is
found where a hit is in that video and its steps lie over the spans of both (IoU >= 0.5 each). Beside it, in the same
run: the two searches of `A` and `B`, their best 200 segments paired in order, by the sum of their places.
"""

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from benchmarks.search_quality.program import make_library
from benchmarks.search_quality.tasks import Query, read_split, read_tasks
from indexer.bootstrap import open_library
from indexer.domain import Hit
from indexer.library import Library
from indexer.settings import Settings

TASKS = ("tacos", "yc2+kw3")
DEEP, SHOWN = 200, 10
LONGEST_WAIT_S, OVERLAP_S = 60, 1

Pair = tuple[Query, Query]
Found = Sequence[Sequence[Hit]]  # the steps of each hit, best first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", default=TASKS)
    parser.add_argument("--split", choices=("dev", "test", "all"), default="test")
    parser.add_argument("--pairs", type=int, default=250, help="of each task, at most")
    parser.add_argument("--keep", type=Path, help="folder for the libraries")
    arguments = parser.parse_args()
    known = read_tasks()
    print(f"{'task':<10}{'pairs':>6}{'A THEN B':>16}{'two searches':>16}   R@1 / R@10, percent")
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as scratch:
        for name in arguments.tasks:
            root = (arguments.keep or Path(scratch)) / known[name].corpus
            make_library(root, known[name].corpus)
            library = open_library(Settings(library=root / "library"))
            pairs = make_pairs(read_split(name, arguments.split), most=arguments.pairs)
            together = [rank_of(pair, search_together(library, pair)) for pair in pairs]
            apart = [rank_of(pair, search_apart(library, pair)) for pair in pairs]
            print(f"{name:<10}{len(pairs):>6}{told(together):>16}{told(apart):>16}", flush=True)


def make_pairs(queries: Sequence[Query], *, most: int) -> list[Pair]:
    """Each query with the next that begins after it has ended, or as good as ended."""
    by_video: dict[str, list[Query]] = defaultdict(list)
    for query in queries:
        by_video[query["gold"][0]["video"]].append(query)
    pairs = []
    for some in by_video.values():
        some.sort(key=lambda query: (query["gold"][0]["start"], query["id"]))
        for place, one in enumerate(some):
            followers = (other for other in some[place + 1 :] if _follows(one, other))
            pairs += [(one, other) for other in islice(followers, 1)]
    random.Random(7).shuffle(pairs)
    return pairs[:most]


def search_together(library: Library, pair: Pair) -> Found:
    one, other = (str(query["text"]) for query in pair)
    return [hit.steps for hit in library.search(f"{one} THEN {other}", limit=SHOWN).hits]


def search_apart(library: Library, pair: Pair) -> Found:
    """Every pair in order out of the two rankings."""
    first, second = (
        library.search(str(query["text"]), limit=DEEP, listing="segments", per_video=DEEP).hits for query in pair
    )
    paired = [
        (place + other, place, (one, two))
        for place, one in enumerate(first)
        for other, two in enumerate(second)
        if one.video == two.video and one.segment != two.segment and _in_order(one, two)
    ]
    return [steps for _, _, steps in sorted(paired, key=lambda found: found[:2])[:SHOWN]]


def rank_of(pair: Pair, found: Found) -> int | None:
    """The place from 1 of the first hit of which both steps are right."""
    for place, steps in enumerate(found, start=1):
        if all(any(_covers(step, gold) for gold in query["gold"]) for step, query in zip(steps, pair, strict=True)):
            return place
    return None


def told(ranks: Sequence[int | None]) -> str:
    at = [100 * sum(rank is not None and rank <= most for rank in ranks) / max(1, len(ranks)) for most in (1, SHOWN)]
    return f"{at[0]:.1f} / {at[1]:.1f}"


def _follows(one: Query, other: Query) -> bool:
    wait = other["gold"][0]["start"] - one["gold"][0]["end"]
    return bool(-OVERLAP_S <= wait <= LONGEST_WAIT_S and other["gold"][0]["end"] > one["gold"][0]["end"])


def _in_order(one: Hit, other: Hit) -> bool:
    return one.end_us is not None and other.start_us >= one.end_us - OVERLAP_S * 1_000_000


def _covers(hit: Hit, gold: dict[str, float | str]) -> bool:
    """IoU of at least one half, in the right video."""
    if (hit.identifier or hit.title) != gold["video"] or hit.end_us is None:
        return False
    start, end = float(gold["start"]) * 1e6, float(gold["end"]) * 1e6
    shared = min(end, hit.end_us) - max(start, hit.start_us)
    return shared >= 0.5 * (max(end, hit.end_us) - min(start, hit.start_us))


if __name__ == "__main__":
    main()
