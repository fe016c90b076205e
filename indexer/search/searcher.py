"""Words and meaning together: candidates from both, one fused order, each hit with its evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.domain import Filters, Hit, SearchResult, Strength
from indexer.embedding import Embedder
from indexer.library_folder import LibraryFolder
from indexer.search import fusion
from indexer.search.evidence import Found, make_hit
from indexer.search.nearest import NearestCaptions
from indexer.search.query import SearchQuery, parse
from indexer.search.spelling import correct
from indexer.search.wording import Wording, read_wording
from indexer.store import Database, Transaction, embeddings, fulltext, hits, words
from indexer.vector_index import Rows

CANDIDATES = 200  # best by meaning, and best by words
NAMED_VIDEOS = 20  # videos whose names match: all their segments are candidates
ROW_BUDGET = 50_000  # matching rows ranked by words


@dataclass
class Searcher:
    """Answers queries over one library. Safe to share between threads."""

    folder: LibraryFolder
    database: Database
    embedder: Embedder
    _nearest: NearestCaptions = field(init=False)

    def __post_init__(self) -> None:
        self._nearest = NearestCaptions(self.folder)

    def search(self, typed: str, *, filters: Filters, limit: int) -> SearchResult:
        """The best `limit` segments for what was typed, among those that pass `filters`."""
        query = parse(typed)
        with self.database.read() as tx:
            allowed = _allowed(tx, query, filters)
            if not query.text:
                rows = hits.browse(tx, allowed=allowed, limit=limit) if query.excluded or filters else []
                return self._result(tx, query, read_wording(tx, (), {}, self.embedder.splits), _unranked(rows))
            query, corrections = self._spell(tx, query)
            wording = read_wording(tx, query.content, corrections, self.embedder.splits)
            candidates = self._candidates(tx, query, wording, allowed=allowed)
            return self._result(tx, query, wording, candidates[:limit])

    def browse(self, *, filters: Filters, limit: int) -> Sequence[Hit]:
        """Segments that pass `filters`, of the newest video first, in order of time inside each."""
        with self.database.read() as tx:
            rows = hits.browse(tx, allowed=hits.allowed_segments(tx, filters), limit=limit)
            return self._result(tx, parse(""), read_wording(tx, (), {}, self.embedder.splits), _unranked(rows)).hits

    def _spell(self, tx: Transaction, query: SearchQuery) -> tuple[SearchQuery, dict[str, str]]:
        tokens = [token for token in words.tokens(query.text) if token.word not in words.STOP_WORDS]
        corrections = correct(
            [token.word for token in tokens],
            known=lambda some: fulltext.known_words(tx, some),
            splits=self.embedder.splits,
        )
        if query.phrases or not corrections:  # a phrase is meant as it stands
            return query, {}
        text = query.text
        for token in reversed(tokens):
            if token.word in corrections:
                text = text[: token.start] + corrections[token.word] + text[token.end :]
        return SearchQuery(text, query.phrases, query.excluded), corrections

    def _candidates(
        self, tx: Transaction, query: SearchQuery, wording: Wording, *, allowed: Rows | None
    ) -> list[Found]:
        by_meaning = self._by_meaning(tx, query, allowed)
        by_words = dict(fulltext.match_segments(tx, wording.affordable(ROW_BUDGET), limit=CANDIDATES, allowed=allowed))
        names = dict(fulltext.match_videos(tx, wording.stems, limit=CANDIDATES))
        trigrams = dict(fulltext.match_video_trigrams(tx, query.text, limit=NAMED_VIDEOS))
        named = sorted(
            {*names, *trigrams}, key=lambda video: (-names.get(video, 0.0) - trigrams.get(video, 0.0), video)
        )
        segments_of_named = hits.segments_of_videos(tx, named[:NAMED_VIDEOS], allowed=allowed)
        rows = {*by_meaning, *by_words, *(row for some in segments_of_named.values() for row in some)}
        video_of = hits.videos_of(tx, sorted(rows))
        of_segments = {
            "meaning": _ranked({row: near[0] for row, near in by_meaning.items()}),
            "words": _ranked(by_words),
        }
        of_videos = {"name": _ranked(names), "spelling": _ranked(trigrams)}
        found = []
        for row in rows:
            video = video_of[row]
            cosine, hub = by_meaning.get(row, (0.0, 0.0))
            signals = fusion.Signals(
                cosine=cosine,
                hub=hub,
                words=fusion.as_share(by_words.get(row, 0.0), wording.top_in_captions),
                names=fusion.as_share(names.get(video, 0.0), wording.top_in_names),
                trigrams=trigrams.get(video, 0.0),
            )
            score = fusion.fused_score(signals, hardness=wording.hardness)
            found.append(Found(row, signals, score, _places(of_segments, row) | _places(of_videos, video)))
        return sorted(found, key=lambda one: (-one.score, -one.signals.cosine, one.row))

    def _by_meaning(self, tx: Transaction, query: SearchQuery, allowed: Rows | None) -> dict[int, tuple[float, float]]:
        """{segment row: (cosine, hub)} of the captions nearest to the query."""
        space = self.embedder.space
        vector = self.embedder.embed_queries([query.text])[0]
        rows_allowed = None if allowed is None else embeddings.rows_of_segments(tx, space, allowed)
        cosines = self._nearest.find(tx, space, query=vector, k=CANDIDATES, allowed=rows_allowed)
        live = embeddings.resolve(tx, list(cosines))
        return {one.segment_row: (cosines[one.row], one.hub or 0.0) for one in live}

    def _result(self, tx: Transaction, query: SearchQuery, wording: Wording, found: Sequence[Found]) -> SearchResult:
        stored = hits.load_hits(tx, [one.row for one in found])
        hits_found = tuple(
            make_hit(self.folder, stored[one.row], found=one, wording=wording) for one in found if one.row in stored
        )
        return SearchResult(hits_found, _overall(hits_found, query, wording), wording.unknown, query.read_as)


def _places(ranked: Mapping[str, Mapping[int, int]], row: int) -> dict[str, int]:
    """Where `row` stands in each signal's own order, for those that found it."""
    return {signal: order[row] for signal, order in ranked.items() if row in order}


def _ranked(scores: dict[int, float]) -> dict[int, int]:
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: place for place, row in enumerate(order, start=1)}


def _unranked(rows: Iterable[int]) -> list[Found]:
    return [Found(row, fusion.Signals(), 0.0, {}) for row in rows]


def _allowed(tx: Transaction, query: SearchQuery, filters: Filters) -> Rows | None:
    """The segment rows that may be hits (sorted), or None where all may."""
    allowed = hits.allowed_segments(tx, filters)
    for phrase in query.phrases:
        allowed = hits.both(allowed, fulltext.phrase_segments(tx, phrase))
    for phrase in query.excluded:
        allowed = hits.without(tx, allowed, fulltext.phrase_segments(tx, phrase))
    return allowed


def _overall(found: tuple[Hit, ...], query: SearchQuery, wording: Wording) -> Strength:
    if not found or (query.text and wording.asks_for_the_unknown):
        return "none"
    order: list[Strength] = ["strong", "fair", "weak", "none"]
    return min((hit.strength for hit in found), key=order.index)
