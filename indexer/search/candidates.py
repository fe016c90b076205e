"""Which segments may answer a query, and all that is known of each: found by meaning, by words, by their video's names.

Whatever way a segment was found, its vector is compared with the query too: the rule needs every signal of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from indexer.domain import Vectors
from indexer.search import fusion
from indexer.search.evidence import Found
from indexer.search.nearest import NearestCaptions
from indexer.search.wording import Wording
from indexer.store import Transaction, embeddings, fulltext, hits
from indexer.vector_index import Rows

MOST = 200  # best by meaning, best by words, and best by meaning among the segments of the videos found by name
NAMED_VIDEOS = 20
NAMED_SEGMENTS = 2_000  # looked at among theirs, so that a shelf of long films costs no more than a bound
ROW_BUDGET = 50_000  # matching rows ranked by words


@dataclass(frozen=True, slots=True)
class Lookup:
    """One query's way into one snapshot of the library."""

    tx: Transaction
    space: str
    vector: Vectors  # of the query, (dimension,)
    allowed: Rows | None
    nearest: NearestCaptions


def find_candidates(lookup: Lookup, text: str, *, wording: Wording) -> list[Found]:
    """Every candidate with its score and its place in each signal's own order, best first."""
    by_meaning = _near(lookup, among=lookup.allowed)
    affordable = wording.affordable(ROW_BUDGET)
    by_words = dict(fulltext.match_segments(lookup.tx, affordable, limit=MOST, allowed=lookup.allowed))
    names = {
        video: fusion.as_share(score, wording.top_in_names)
        for video, score in fulltext.match_videos(lookup.tx, wording.stems, limit=MOST)
    }
    trigrams = dict(fulltext.match_video_trigrams(lookup.tx, text, limit=NAMED_VIDEOS))
    near = by_meaning | _near(lookup, among=np.array(sorted({*by_words} - {*by_meaning}), np.int64))
    named = _segments_of_named(lookup, names, trigrams)
    near |= _near(lookup, among=np.array(sorted({*named} - {*near}), np.int64))
    rows = {*near, *by_words, *named[:MOST]}
    video_of = hits.videos_of(lookup.tx, sorted(rows))
    of_segments = {"meaning": _ranked({row: cosine for row, (cosine, _) in near.items()}), "words": _ranked(by_words)}
    of_videos = {"name": _ranked(names), "spelling": _ranked(trigrams)}
    found = []
    for row in rows:
        video = video_of[row]
        cosine, hub = near.get(row, (0.0, 0.0))
        signals = fusion.Signals(
            cosine=cosine,
            hub=hub,
            words=fusion.as_share(by_words.get(row, 0.0), wording.top_in_captions),
            names=names.get(video, 0.0),
            trigrams=trigrams.get(video, 0.0),
        )
        score = fusion.fused_score(signals, hardness=wording.hardness)
        found.append(Found(row, signals, score, _places(of_segments, row) | _places(of_videos, video)))
    return sorted(found, key=lambda one: (-one.score, -one.signals.cosine, one.row))


def _near(lookup: Lookup, *, among: Rows | None) -> dict[int, tuple[float, float]]:
    """{segment row: (cosine, hub)} of the captions nearest to the query, among these segments or all."""
    if among is not None and not len(among):
        return {}
    rows = None if among is None else embeddings.rows_of_segments(lookup.tx, lookup.space, among)
    cosines = lookup.nearest.find(lookup.tx, lookup.space, query=lookup.vector, k=MOST, allowed=rows)
    live = embeddings.resolve(lookup.tx, list(cosines))
    return {one.segment_row: (cosines[one.row], one.hub or 0.0) for one in live}


def _segments_of_named(lookup: Lookup, names: Mapping[int, float], trigrams: Mapping[int, float]) -> list[int]:
    """Segments of the videos whose names match best."""
    together = {
        video: fusion.fused_score(
            fusion.Signals(names=names.get(video, 0.0), trigrams=trigrams.get(video, 0.0)), hardness=0
        )
        for video in {*names, *trigrams}
    }
    best = list(_ranked(together))[:NAMED_VIDEOS]
    found = hits.segments_of_videos(lookup.tx, best, allowed=lookup.allowed)
    return [row for video in best for row in found.get(video, ())][:NAMED_SEGMENTS]


def _places(ranked: Mapping[str, Mapping[int, int]], row: int) -> dict[str, int]:
    """Where `row` stands in each signal's own order, for those that found it."""
    return {signal: order[row] for signal, order in ranked.items() if row in order}


def _ranked(scores: Mapping[int, float]) -> dict[int, int]:
    """{row: its place from 1}, best first; ties by row."""
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: place for place, row in enumerate(order, start=1)}
