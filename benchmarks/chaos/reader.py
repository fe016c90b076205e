"""A search while all that goes on: is it what brute force over SQL finds in the same snapshot?

`python -m benchmarks.chaos.reader ROOT URL SEED`: a line of JSON for each search, until it is told to end.
"""

import json
import random
import sys
import time
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.chaos.library import Place
from indexer.domain import Vectors
from indexer.search.nearest import NearestCaptions
from indexer.store import Transaction, embeddings
from tests.fakes.embedders import HashEmbedder

K = 10
NEAR = 1e-3  # index files hold half-precision numbers
EVERY_S = 0.1
FRESH_EVERY = 8  # searches; the others know what the last one knew

_SEARCHED = """
    SELECT embedding.row, embedding.vec FROM embedding
    JOIN space ON space.row = embedding.space_row AND space.name = :space
    JOIN segment_text ON segment_text.caption_row = embedding.item_id
    WHERE embedding.vec IS NOT NULL AND embedding.item_kind = 'caption'
"""


def main() -> None:
    root, url, seed = sys.argv[1:]
    place = Place(Path(root), url)
    database, dice = place.open("read"), random.Random(int(seed))
    nearest = NearestCaptions(place.folder)
    for number in range(sys.maxsize):
        if number % FRESH_EVERY == 0:
            nearest = NearestCaptions(place.folder)
        with database.read() as tx:
            known, wrong = check(tx, nearest, dice)
        print(json.dumps({"known": known, "wrong": wrong}), flush=True)
        time.sleep(EVERY_S)


def check(tx: Transaction, nearest: NearestCaptions, dice: random.Random) -> tuple[int, str | None]:
    """How many vectors there are to search, and what is wrong with what was found."""
    embedder = HashEmbedder()
    found_texts = tx.execute(text("SELECT text FROM segment_text ORDER BY segment_row")).scalars().all()
    words = (dice.choice(found_texts) if found_texts else "nothing").split() or ["nothing"]
    query = embedder.embed_queries([" ".join(dice.sample(words, min(3, len(words))))])[0]
    scores = brute_force(tx, embedder.space, query)
    found = nearest.find(tx, embedder.space, query=query, k=K)
    return len(scores), differs(tx, found, scores)


def brute_force(tx: Transaction, space: str, query: Vectors) -> dict[int, float]:
    rows = tx.execute(text(_SEARCHED), {"space": space}).all()
    return {row: float(np.frombuffer(vec, "<f4") @ query) for row, vec in rows}


def differs(tx: Transaction, found: dict[int, float], scores: dict[int, float]) -> str | None:
    """Ties may come in any order, all else must agree."""
    best = sorted(scores.values(), reverse=True)[:K]
    live = {one.row for one in embeddings.resolve(tx, list(found))}
    if len(found) != len(best):
        return f"{len(found)} found of {len(best)}"
    if gone := set(found) - live:
        return f"rows {sorted(gone)} are not there"
    if strange := {row: score for row, score in found.items() if abs(scores.get(row, 9) - score) > NEAR}:
        return f"other scores: { ({row: (score, scores.get(row)) for row, score in strange.items()}) }"
    if any(abs(a - b) > NEAR for a, b in zip(sorted(found.values(), reverse=True), best, strict=True)):
        return "better ones were not found"
    return None


if __name__ == "__main__":
    main()
