"""What is compared: the whole search, and what it is made of, each alone and fused by reciprocal ranks."""

from collections.abc import Mapping, Sequence
from typing import Any

from indexer.library import Library
from indexer.search.nearest import NearestCaptions
from indexer.search.query import parse
from indexer.store import Transaction, embeddings, fulltext, hits

DEEP = 200
RANKS_FROM = 60  # k of reciprocal rank fusion
PARTS = ("words", "vectors", "reciprocal ranks")
Ranked = list[Any]  # videos, or [video, start, end] in seconds


class Parts:
    """Vectors alone, words alone (texts and names together), and both by reciprocal rank fusion, over one library, in
    answers of one unit."""

    def __init__(self, library: Library, unit: str) -> None:
        self._library = library
        self._unit = unit
        self._embedder = library.make_embedder()
        self._nearest = NearestCaptions(library.folder)
        self._answers: dict[int, Any] = {}  # of a segment row; each is read once

    def rank(self, typed: str) -> Mapping[str, Ranked]:
        """{one of `PARTS`: what it finds, best first}."""
        with self._library.database.read() as tx:
            meaning = self._by_meaning(tx, typed)
            words = _by_words(tx, typed, meaning)
            fused = by_reciprocal_ranks(meaning, words)
            self._learn(tx, {*meaning, *words})
        return {
            name: [self._answers[row] for row in ranking if row in self._answers]
            for name, ranking in zip(PARTS, (words, meaning, fused), strict=True)
        }

    def _by_meaning(self, tx: Transaction, typed: str) -> list[int]:
        (vector,) = self._embedder.embed_queries([typed.replace('"', "")])
        cosines = self._nearest.find(tx, self._embedder.space, query=vector, k=DEEP)
        return list(dict.fromkeys(one.segment_row for one in embeddings.resolve(tx, list(cosines))))

    def _learn(self, tx: Transaction, rows: set[int]) -> None:
        for row, one in hits.load_hits(tx, list(rows - self._answers.keys())).items():
            name = one.fields.get("identifier", one.video.title)
            self._answers[row] = entry(name, one.segment.start_us, one.segment.end_us, self._unit)


def by_reciprocal_ranks(*rankings: Sequence[int]) -> list[int]:
    """All rows of the rankings, by the sum of 1 / (60 + place) over those they stand in; ties by row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RANKS_FROM + place)
    return sorted(scores, key=lambda row: (-scores[row], row))


def entry(video: str, start_us: int, end_us: int | None, unit: str) -> Any:
    """An answer as `evaluate.py` of the bench reads it."""
    return video if unit == "video" or end_us is None else [video, start_us / 1e6, end_us / 1e6]


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
