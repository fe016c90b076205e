"""What is compared: the whole search, and what it is made of, each alone and fused by reciprocal ranks."""

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.library import Library
from indexer.search.nearest import NearestCaptions
from indexer.search.query import parse
from indexer.store import Transaction, embeddings, fulltext, hits

DEEP = 200
RANKS_FROM = 60  # k of reciprocal rank fusion
Ranked = list[Any]  # videos, or [video, start, end] in seconds


class Parts:
    """Vectors alone, words alone (texts and names together), and both by reciprocal rank fusion, over one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._embedder = library.make_embedder()
        self._nearest = NearestCaptions(library.folder)

    def rank(self, typed: str, unit: str) -> Mapping[str, Ranked]:
        """{system: what it finds, best first}."""
        with self._library.database.read() as tx:
            meaning = self._by_meaning(tx, typed)
            words = _by_words(tx, typed, meaning)
            both: dict[int, float] = {}
            for ranking in (meaning, words):
                for place, row in enumerate(ranking, start=1):
                    both[row] = both.get(row, 0.0) + 1 / (RANKS_FROM + place)
            fused = sorted(both, key=lambda row: (-both[row], row))
            stored = hits.load_hits(tx, list({*meaning, *words, *fused}))
        answers = {
            row: entry(_name(one), one.segment.start_us, one.segment.end_us, unit) for row, one in stored.items()
        }
        rankings = {"words": words, "vectors": meaning, "reciprocal ranks": fused}
        return {name: [answers[row] for row in ranking if row in answers] for name, ranking in rankings.items()}

    def _by_meaning(self, tx: Transaction, typed: str) -> list[int]:
        (vector,) = self._embedder.embed_queries([typed.replace('"', "")])
        cosines = self._nearest.find(tx, self._embedder.space, query=vector, k=DEEP)
        return list(dict.fromkeys(one.segment_row for one in embeddings.resolve(tx, list(cosines))))


def _by_words(tx: Transaction, typed: str, meaning: Sequence[int]) -> list[int]:
    """BM25 of the text and of its video's names together; ties by meaning, then by row."""
    stems = [token.stem for question in parse(typed).questions for token in question.content]
    scores = dict(fulltext.match_segments(tx, stems, limit=DEEP, allowed=None))
    names = dict(fulltext.match_videos(tx, stems, limit=DEEP))
    of_named = hits.segments_of_videos(tx, list(names), allowed=None)
    video_of = {row: video for video, rows in of_named.items() for row in rows}
    together = {row: scores.get(row, 0.0) + names.get(video_of.get(row, -1), 0.0) for row in {*scores, *video_of}}
    near = {row: place for place, row in enumerate(meaning)}
    return sorted(together, key=lambda row: (-together[row], near.get(row, DEEP), row))[:DEEP]


def entry(video: str, start_us: int, end_us: int | None, unit: str) -> Any:
    """An answer as `evaluate.py` of the bench reads it."""
    return video if unit == "video" or end_us is None else [video, start_us / 1e6, end_us / 1e6]


def _name(stored: hits.StoredHit) -> str:
    return stored.fields.get("identifier", stored.video.title)
