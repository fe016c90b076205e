"""Which segments may answer a question, and all that is known of each: found by meaning, by words, by what was said or
shown, by their video's names, by their pictures.

Whatever way a segment was found, its vector is compared with the question too: the rule needs every signal of each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import get_args

import numpy as np

from indexer.domain import Vectors
from indexer.search import fusion
from indexer.search.followed_words import FollowedWords
from indexer.search.fusion import Signals
from indexer.search.nearest import NearestCaptions
from indexer.search.pictures import InSpace
from indexer.search.query import Question
from indexer.search.wording import Wording
from indexer.store import Transaction, cues, embeddings, fulltext, hits, ranked_texts, words
from indexer.store.cues import CueKind
from indexer.store.ranked_texts import RankedText
from indexer.vector_index import Rows

MOST = 200  # by each signal, and by meaning among the segments of the videos found by name
NAMED_SEGMENTS = 2_000  # looked at among theirs, so that a shelf of long films costs no more than a bound
ROW_BUDGET = 50_000  # matching rows ranked by words where no index of them is published


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question's way into one snapshot of the library."""

    tx: Transaction
    space: str
    vector: Future[Vectors]  # of the question, (dimension,)
    allowed: Rows | None
    nearest: NearestCaptions
    words: FollowedWords | None  # the index of the texts' words, where one is published
    picture: InSpace | None = None  # of the question, where keyframes are searched too


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate on its way to a hit: its database row and its video's, its score, its signals, its place from 1 in
    the order of each signal that found it, and the lines that did."""

    row: int
    video_row: int
    score: float
    signals: Signals[float]
    places: Mapping[str, int]
    cues: Mapping[CueKind, int]


def unranked(rows: Iterable[int]) -> list[Found]:
    """Segments in the order given, where there is nothing to rank by."""
    return [Found(row, 0, 0.0, fusion.NOTHING, {}, {}) for row in rows]


def rank(lookup: Lookup, question: Question, wording: Wording) -> list[Found]:
    """Every candidate, best first; ties by cosine, then by row."""
    found = _find(lookup, question, wording)
    video_of = found.near.videos | {row: text.video_row for row, text in found.texts.items()}
    rows = [row for row in found.rows if row in video_of]
    videos = [video_of[row] for row in rows]
    signals = _signals(found, rows, videos, wording)
    scores = fusion.fused_score(signals, hardness=wording.hardness)
    order = np.lexsort((np.array(rows, np.int64), -signals.cosine, -scores))
    places = _places(found, rows, videos)
    of_each = [Signals[float](*values) for values in zip(*(column.tolist() for column in signals), strict=True)]
    listed = scores.tolist()
    return [
        Found(rows[at], videos[at], listed[at], of_each[at], places[rows[at]], found.lines.get(rows[at], {}))
        for at in order.tolist()
    ]


def best_of(rankings: Sequence[Sequence[Found]]) -> list[Found]:
    """Each segment once, as the ranking found it that gives it the better score; best first."""
    best: dict[int, Found] = {}
    for one in (found for ranking in rankings for found in ranking):
        if one.row not in best or one.score > best[one.row].score:
            best[one.row] = one
    return sorted(best.values(), key=lambda one: (-one.score, -one.signals.cosine, one.row))


@dataclass(frozen=True, slots=True)
class _Near:
    """Segments by their cosine to the question, with their hubs and their videos."""

    cosines: dict[int, float]
    hubs: dict[int, float]
    videos: dict[int, int]

    def __or__(self, other: "_Near") -> "_Near":
        return _Near(self.cosines | other.cosines, self.hubs | other.hubs, self.videos | other.videos)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What each signal found: {row of a segment or of a video: how well}, and all rows of segments together."""

    near: _Near
    pictures: Mapping[int, float]
    words: Mapping[int, float]
    cues: Mapping[int, float]
    lines: Mapping[int, Mapping[CueKind, int]]
    names: Mapping[int, float]
    trigrams: Mapping[int, float]
    texts: Mapping[int, RankedText]
    named: Mapping[int, frozenset[str]]
    said: Mapping[int, frozenset[str]]  # {segment row: the stems of its lines that were found}
    rows: list[int]


def _find(lookup: Lookup, question: Question, wording: Wording) -> _Candidates:
    tx, allowed = lookup.tx, lookup.allowed
    nearest = _begin_nearest(lookup, lookup.space, lookup.vector.result, among=allowed)  # beside the words
    by_words = dict(_by_words(lookup, wording))
    by_cues, lines = _by_cues(lookup, wording)
    top_in_names = wording.top(wording.in_names)
    names = {
        video: fusion.as_share(score, top_in_names)
        for video, score in fulltext.match_videos(tx, wording.stems, limit=MOST)
    }
    trigrams = dict(fulltext.match_video_trigrams(tx, question.text, limit=MOST))
    named = _segments_of_named(lookup, names, trigrams)
    by_meaning = _resolved(tx, nearest())
    pictured = lookup.picture
    by_picture = _near(lookup, pictured.space, pictured.vector, among=allowed) if pictured else _Near({}, {}, {})
    others = {*by_words, *by_cues, *by_picture.cosines, *named} - {*by_meaning.cosines}
    further = _near(lookup, lookup.space, lookup.vector.result(), among=np.array(sorted(others), np.int64))
    rows = sorted(
        {*by_meaning.cosines, *further.cosines, *by_words, *by_cues, *by_picture.cosines, *list(named)[:MOST]}
    )
    near = by_meaning | further
    return _Candidates(
        near=_Near(near.cosines, near.hubs, near.videos | by_picture.videos | named),
        pictures=fusion.in_spread_of(by_picture.cosines, list(by_meaning.cosines.values())),
        words=by_words,
        cues=by_cues,
        lines=lines,
        names=names,
        trigrams=trigrams,
        texts=ranked_texts.read_texts(tx, {*by_words, *by_cues}),
        named=ranked_texts.read_names(tx, names),
        said=_said(tx, lines),
        rows=rows,
    )


def _by_words(lookup: Lookup, wording: Wording) -> list[tuple[int, float]]:
    """(segment row, BM25) of the texts that hold the words best. Without an index, by the rarest words alone where many
    texts hold the others."""
    if lookup.words is not None:
        return lookup.words.match(wording.weights(), limit=MOST, allowed=lookup.allowed)
    return fulltext.match_segments(lookup.tx, wording.affordable(ROW_BUDGET), limit=MOST, allowed=lookup.allowed)


def _near(lookup: Lookup, space: str, vector: Vectors, *, among: Rows | None) -> _Near:
    """The segments nearest to the question in a space, among these or all; of a segment's several vectors the best."""
    return _resolved(lookup.tx, _begin_nearest(lookup, space, lambda: vector, among=among)())


def _begin_nearest(
    lookup: Lookup, space: str, vector: Callable[[], Vectors], *, among: Rows | None
) -> Callable[[], Mapping[int, float]]:
    """What gives {embedding row: cosine} of the nearest, looked for meanwhile."""
    if among is not None and not len(among):
        return dict
    rows = None if among is None else embeddings.rows_of_segments(lookup.tx, space, among)
    return lookup.nearest.begin(lookup.tx, space, query=vector, k=MOST, allowed=rows).result


def _resolved(tx: Transaction, cosines: Mapping[int, float]) -> _Near:
    """Their segments; of a segment's several vectors the best counts."""
    near = _Near({}, {}, {})
    for one in embeddings.resolve(tx, list(cosines)) if cosines else ():
        if one.segment_row not in near.cosines:
            near.cosines[one.segment_row] = cosines[one.row]
            near.hubs[one.segment_row] = one.hub or 0.0
            near.videos[one.segment_row] = one.video_row
    return near


def _by_cues(lookup: Lookup, wording: Wording) -> tuple[dict[int, float], dict[int, dict[CueKind, int]]]:
    """{segment row: share of the question's weight in its best line}, and the lines that were found."""
    shares: dict[int, float] = {}
    lines: dict[int, dict[CueKind, int]] = {}
    if not wording.in_cues.frequencies:
        return shares, lines
    top = wording.top(wording.in_cues)
    for kind in get_args(CueKind):
        found = cues.match_cues(lookup.tx, wording.stems, kind=kind, limit=MOST, allowed=lookup.allowed)
        for row, score, line in found:
            shares[row] = max(shares.get(row, 0.0), fusion.as_share(score, top))
            lines.setdefault(row, {})[kind] = line
    return shares, lines


def _said(tx: Transaction, lines: Mapping[int, Mapping[CueKind, int]]) -> dict[int, frozenset[str]]:
    """{segment row: the stems of its lines}; each line is read once, however many segments share it."""
    if not lines:
        return {}
    texts = cues.cue_texts(tx, {line for of_kind in lines.values() for line in of_kind.values()})
    stems = {line: frozenset(words.index_text(text).split()) for line, text in texts.items()}
    nothing: frozenset[str] = frozenset()
    return {
        row: nothing.union(*(stems.get(line, nothing) for line in of_kind.values())) for row, of_kind in lines.items()
    }


def _segments_of_named(lookup: Lookup, names: Mapping[int, float], trigrams: Mapping[int, float]) -> dict[int, int]:
    """{segment row: its video's} of the videos whose names match best, these first."""
    together = {
        video: fusion.NAMES_WEIGHT * names.get(video, 0.0) + fusion.TRIGRAMS_WEIGHT * trigrams.get(video, 0.0)
        for video in {*names, *trigrams}
    }
    best = list(_places_of(together))[:MOST]
    found = hits.segments_of_videos(lookup.tx, best, allowed=lookup.allowed)
    listed = [(row, video) for video in best for row in found.get(video, ())]
    return dict(listed[:NAMED_SEGMENTS])


def _signals(
    found: _Candidates, rows: Sequence[int], videos: Sequence[int], wording: Wording
) -> Signals[fusion.Floats]:
    """One value a row. What nothing but speech is known of is taken to be as near as the median of the
    candidates, and what has no vector yet, or a far one, as the last of them."""
    last = min(found.near.cosines.values(), default=0.0)
    usual = float(np.median([*found.near.cosines.values()])) if found.near.cosines else 0.0
    top = wording.top(wording.in_texts)
    texts = [found.texts.get(row) for row in rows]
    trust = _column([fusion.TRUST["human" if text is None or text.by_human else "machine"] for text in texts])
    together = [
        _stems(text, found.named.get(video)) | found.said.get(row, frozenset())
        for row, text, video in zip(rows, texts, videos, strict=True)
    ]
    return Signals(
        cosine=_column(
            [
                found.near.cosines.get(row, usual if row in found.said and not (text and text.stems) else last)
                for row, text in zip(rows, texts, strict=True)
            ]
        ),
        hub=_column([found.near.hubs.get(row, 0.0) for row in rows]),
        picture=_column([found.pictures.get(row, 0.0) for row in rows]),
        words=trust * _column([fusion.as_share(found.words.get(row, 0.0), top) for row in rows]),
        every_word=trust * _column([wording.holds_every_word(stems) for stems in together]),
        cues=_column([found.cues.get(row, 0.0) for row in rows]),
        names=_column([found.names.get(video, 0.0) for video in videos]),
        trigrams=_column([found.trigrams.get(video, 0.0) for video in videos]),
    )


def _stems(text: RankedText | None, named: frozenset[str] | None) -> frozenset[str]:
    of_text: frozenset[str] = frozenset() if text is None else text.stems
    return of_text | named if named else of_text


def _places(found: _Candidates, rows: Sequence[int], videos: Sequence[int]) -> dict[int, dict[str, int]]:
    """{row: {signal: its place in that signal's order}}."""
    of_segments = {
        "meaning": _places_of(found.near.cosines),
        "picture": _places_of(found.pictures),
        "words": _places_of(found.words),
        "cues": _places_of(found.cues),
    }
    of_videos = {"name": _places_of(found.names), "spelling": _places_of(found.trigrams)}
    places: dict[int, dict[str, int]] = {row: {} for row in rows}
    for signal, order in of_segments.items():
        for row, place in order.items():
            if row in places:
                places[row][signal] = place
    for row, video in zip(rows, videos, strict=True):
        places[row] |= {signal: order[video] for signal, order in of_videos.items() if video in order}
    return places


def _places_of(scores: Mapping[int, float]) -> dict[int, int]:
    """{row: its place from 1}, best first; ties by row."""
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: place for place, row in enumerate(order, start=1)}


def _column(values: Sequence[float]) -> fusion.Floats:
    return np.array(values, np.float64)
