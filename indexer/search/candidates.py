"""Which segments may answer a question, and all that is known of each: found by meaning, by words, by what was said or
shown, by their video's names, by their pictures.

Whatever way a segment was found, its vector is compared with the question too: the rule needs every signal of each.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np

from indexer.domain import Vectors
from indexer.search import fusion
from indexer.search.followed_words import FollowedWords
from indexer.search.fusion import Signals
from indexer.search.names import FoundNames, begin_names
from indexer.search.nearest import NearestCaptions
from indexer.search.pictures import InSpace
from indexer.search.query import Question
from indexer.search.wording import Wording
from indexer.store import Transaction, cues, embeddings, fulltext, hits, words
from indexer.store.cues import CueKind
from indexer.store.spans import StoredSpan, spans_of
from indexer.vector_index import Rows

MOST = 200  # by each signal, and by meaning among the segments of the videos found by name
NAMED_SHARE = 0.5  # of what the best name reaches: videos of lesser names are not looked through
NAMED_SEGMENTS = 1_000  # looked at among theirs, so that a shelf of long films costs no more than a bound
ROW_BUDGET = 50_000  # matching rows ranked by words where no index of them is published

_NONE: frozenset[str] = frozenset()


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


class Found(NamedTuple):
    """A candidate on its way to a hit: where it lies, its score, its signals, its place from 1 in the order of each
    signal that found it, and the lines that did."""

    span: StoredSpan
    score: float
    signals: Signals[float]
    places: Mapping[str, int]
    cues: Mapping[CueKind, int]

    @property
    def row(self) -> int:
        return self.span.row

    @property
    def video_row(self) -> int:
        return self.span.video_row


def unranked(tx: Transaction, rows: Iterable[int]) -> list[Found]:
    """Segments in the order given, where there is nothing to rank by; without those that are gone."""
    listed = list(rows)
    spans = spans_of(tx, listed)
    return [Found(spans[row], 0.0, fusion.NOTHING, {}, {}) for row in listed if row in spans]


def rank(lookup: Lookup, question: Question, wording: Wording) -> list[Found]:
    """Every candidate, best first; ties by cosine, then by row."""
    found = _find(lookup, question, wording)
    signals = _signals(found, wording)
    scores = fusion.fused_score(signals, hardness=wording.hardness)
    order = np.lexsort((np.array([span.row for span in found.spans], np.int64), -signals.cosine, -scores))
    places = _places(found)
    of_each: list[Signals[float]] = [
        Signals(*one) for one in zip(*(column.tolist() for column in signals), strict=True)
    ]
    listed = scores.tolist()
    return [
        Found(span, listed[at], of_each[at], places[span.row], found.lines.get(span.row, {}))
        for at, span in ((at, found.spans[at]) for at in order.tolist())
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
    """Segments by their cosine to the question, with their hubs where these are measured."""

    cosines: dict[int, float]
    hubs: dict[int, float]

    def __or__(self, other: "_Near") -> "_Near":
        return _Near(self.cosines | other.cosines, self.hubs | other.hubs)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What each signal found: {row of a segment or of a video: how well}, and all segments together."""

    near: _Near
    pictures: Mapping[int, float]
    words: Mapping[int, float]
    cues: Mapping[int, float]
    lines: Mapping[int, Mapping[CueKind, int]]
    names: FoundNames
    trigrams: Mapping[int, float]
    said: Mapping[int, frozenset[str]]  # {segment row: the stems of its lines that were found}
    spans: Sequence[StoredSpan]  # by row


def _find(lookup: Lookup, question: Question, wording: Wording) -> _Candidates:
    """Everything that needs no cosine is read while the nearest are looked for."""
    tx, allowed = lookup.tx, lookup.allowed
    nearest = _begin_nearest(lookup, lookup.space, lookup.vector.result, among=allowed)
    by_words = dict(_by_words(lookup, wording))
    by_cues, lines = _by_cues(lookup, wording)
    in_names = begin_names(tx, wording)
    names = in_names.best(MOST)
    trigrams = dict(fulltext.match_video_trigrams(tx, question.text, limit=MOST))
    named = _segments_of_named(lookup, names.shares, trigrams)
    by_picture = _by_picture(lookup)
    others = {*by_words, *by_cues, *by_picture, *named}
    segment_of = embeddings.resolve_texts_of(tx, lookup.space, others)
    spans = spans_of(tx, {*by_words, *by_cues, *by_picture, *named[:MOST]})
    said = _said(tx, lines)
    by_meaning = _resolved(tx, nearest())
    rest = {row: one for row, one in segment_of.items() if one not in by_meaning.cosines}
    further = _further(lookup, rest, however_far=spans)
    near = by_meaning | further
    spans |= spans_of(tx, near.cosines.keys() - spans.keys())
    names |= in_names.of({span.video_row for span in spans.values()} - names.shares.keys())
    return _Candidates(
        near=near,
        pictures=fusion.in_spread_of(by_picture, list(by_meaning.cosines.values())),
        words=by_words,
        cues=by_cues,
        lines=lines,
        names=names,
        trigrams=trigrams,
        said=said,
        spans=[spans[row] for row in sorted(spans)],
    )


def _by_words(lookup: Lookup, wording: Wording) -> list[tuple[int, float]]:
    """(segment row, BM25) of the texts that hold the words best. Without an index, by the rarest words alone where many
    texts hold the others."""
    if lookup.words is not None:
        return lookup.words.match(wording.weights(), limit=MOST, allowed=lookup.allowed)
    return fulltext.match_segments(lookup.tx, wording.affordable(ROW_BUDGET), limit=MOST, allowed=lookup.allowed)


def _by_picture(lookup: Lookup) -> dict[int, float]:
    """{segment row: cosine of its nearest picture}."""
    pictured = lookup.picture
    if pictured is None:
        return {}
    vector = pictured.vector
    nearest = _begin_nearest(lookup, pictured.space, lambda: vector, among=lookup.allowed)
    return _resolved(lookup.tx, nearest()).cosines


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
    near = _Near({}, {})
    for row, segment, hub in embeddings.resolve(tx, list(cosines)) if cosines else ():
        if segment not in near.cosines:
            near.cosines[segment] = cosines[row]
            if hub is not None:
                near.hubs[segment] = hub
    return near


def _further(lookup: Lookup, segment_of: Mapping[int, int], *, however_far: Collection[int]) -> _Near:
    """Of these alone, {embedding row: segment row}, the nearest, and the segments `however_far`."""
    if not segment_of:
        return _Near({}, {})
    rows = np.array(sorted(segment_of), np.int64)
    of_all = lookup.nearest.find(lookup.tx, lookup.space, query=lookup.vector.result(), k=len(rows), allowed=rows)
    cosines = {
        row: cosine
        for place, (row, cosine) in enumerate(of_all.items())
        if place < MOST or segment_of[row] in however_far
    }
    hubs = embeddings.hubs_of(lookup.tx, cosines)
    return _Near(
        {segment_of[row]: cosine for row, cosine in cosines.items()},
        {segment_of[row]: hub for row, hub in hubs.items()},
    )


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
    return {row: _NONE.union(*(stems.get(line, _NONE) for line in of_kind.values())) for row, of_kind in lines.items()}


def _segments_of_named(lookup: Lookup, names: Mapping[int, float], trigrams: Mapping[int, float]) -> list[int]:
    """Rows of the segments of the videos whose names match best, these first. Those that reach less than half
    of the best hold a common word or two of it, as very many others may, and are not looked through."""
    together = {
        video: fusion.NAMES_WEIGHT * names.get(video, 0.0) + fusion.TRIGRAMS_WEIGHT * trigrams.get(video, 0.0)
        for video in {*names, *trigrams}
    }
    least = NAMED_SHARE * max(together.values(), default=0.0)
    best = [video for video in list(_places_of(together))[:MOST] if together[video] >= least]
    return hits.first_segments_of_videos(lookup.tx, best, most=NAMED_SEGMENTS, allowed=lookup.allowed)


def _signals(found: _Candidates, wording: Wording) -> Signals[fusion.Floats]:
    """One value a candidate. What nothing but speech is known of is taken to be as near as the median of the
    candidates, and what has no vector yet as the last of them; either to lie as near to everything as their median."""
    cosines, said = found.near.cosines, found.said
    last = min(cosines.values(), default=0.0)
    usual, usual_hub = _median(cosines), _median(found.near.hubs)
    top = wording.top(wording.in_texts)
    trust = _column([fusion.TRUST[_writer(found, span)] for span in found.spans])
    return Signals(
        cosine=_column(
            [cosines.get(span.row, usual if span.row in said and not span.tokens else last) for span in found.spans]
        ),
        hub=_of_segments(found, found.near.hubs, others=usual_hub),
        picture=_of_segments(found, found.pictures),
        words=trust * np.array([fusion.as_share(found.words.get(span.row, 0.0), top) for span in found.spans]),
        every_word=trust * _column([wording.holds_every_word(_stems(found, span)) for span in found.spans]),
        cues=_of_segments(found, found.cues),
        names=_of_videos(found, found.names.shares),
        trigrams=_of_videos(found, found.trigrams),
        side_by_side=_column([span.video_row in found.names.side_by_side for span in found.spans]),
    )


def _is_read(found: _Candidates, span: StoredSpan) -> bool:
    """Whether the segment was found by words: of others the words of their texts count nothing."""
    return span.row in found.words or span.row in found.cues


def _writer(found: _Candidates, span: StoredSpan) -> Literal["human", "machine"]:
    return "human" if not _is_read(found, span) or span.by_human else "machine"


def _stems(found: _Candidates, span: StoredSpan) -> frozenset[str]:
    """Of its text, its lines that were found, and the names of its video."""
    stems = span.stems if _is_read(found, span) else _NONE
    for others in (found.said.get(span.row), found.names.stems.get(span.video_row)):
        stems = stems | others if others else stems
    return stems


def _places(found: _Candidates) -> dict[int, dict[str, int]]:
    """{segment row: {signal: its place in that signal's order}}."""
    of_segments = {
        "meaning": _places_of(found.near.cosines),
        "picture": _places_of(found.pictures),
        "words": _places_of(found.words),
        "cues": _places_of(found.cues),
    }
    of_videos = {"name": _places_of(found.names.shares), "spelling": _places_of(found.trigrams)}
    places: dict[int, dict[str, int]] = {span.row: {} for span in found.spans}
    for signal, order in of_segments.items():
        for row in order.keys() & places.keys():
            places[row][signal] = order[row]
    for span in found.spans if found.names.shares or found.trigrams else ():
        places[span.row] |= {
            signal: order[span.video_row] for signal, order in of_videos.items() if span.video_row in order
        }
    return places


def _places_of(scores: Mapping[int, float]) -> dict[int, int]:
    """{row: its place from 1}, best first; ties by row."""
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: place for place, row in enumerate(order, start=1)}


def _median(values: Mapping[int, float]) -> float:
    return float(np.median([*values.values()])) if values else 0.0


def _of_segments(found: _Candidates, values: Mapping[int, float], *, others: float = 0.0) -> fusion.Floats:
    return _column([values.get(span.row, others) for span in found.spans])


def _of_videos(found: _Candidates, values: Mapping[int, float]) -> fusion.Floats:
    return _column([values.get(span.video_row, 0.0) for span in found.spans])


def _column(values: Sequence[float]) -> fusion.Floats:
    return np.array(values, np.float64)
