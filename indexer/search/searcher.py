"""Words and meaning together: candidates from both, one fused order, each hit with its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer.domain import Filters, Hit, SearchResult, Strength
from indexer.embedding import Embedder
from indexer.library_folder import LibraryFolder
from indexer.search import fusion
from indexer.search.candidates import Lookup, find_candidates
from indexer.search.evidence import Found, make_hit
from indexer.search.nearest import NearestCaptions
from indexer.search.query import Question, SearchQuery, parse
from indexer.search.query.shapes import with_texts
from indexer.search.spelling import correct
from indexer.search.wording import Wording, read_wording
from indexer.store import Database, Transaction, fulltext, hits, words
from indexer.vector_index import Rows


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
            question = query.questions[0]
            allowed = _allowed(tx, question, filters)
            if not question.text:
                rows = hits.browse(tx, allowed=allowed, limit=limit) if question.excluded or filters else []
                return self._result(tx, query, read_wording(tx, (), {}, self.embedder.splits), _unranked(rows))
            query, corrections = self._spell(tx, query)
            question = query.questions[0]
            wording = read_wording(tx, question.content, corrections, self.embedder.splits)
            vector = self.embedder.embed_queries([question.text])[0]
            lookup = Lookup(tx, self.embedder.space, vector, allowed, self._nearest)
            return self._result(tx, query, wording, find_candidates(lookup, question.text, wording=wording)[:limit])

    def browse(self, *, filters: Filters, limit: int) -> Sequence[Hit]:
        """Segments that pass `filters`, of the newest video first, in order of time inside each."""
        with self.database.read() as tx:
            rows = hits.browse(tx, allowed=hits.allowed_segments(tx, filters), limit=limit)
            return self._result(tx, parse(""), read_wording(tx, (), {}, self.embedder.splits), _unranked(rows)).hits

    def _spell(self, tx: Transaction, query: SearchQuery) -> tuple[SearchQuery, dict[str, str]]:
        question = query.questions[0]
        tokens = [token for token in words.tokens(question.text) if token.word not in words.STOP_WORDS]
        corrections = correct(
            [token.word for token in tokens],
            known=lambda some: fulltext.known_words(tx, some),
            splits=self.embedder.splits,
        )
        if question.phrases or not corrections:  # a phrase is meant as it stands
            return query, {}
        text = question.text
        for token in reversed(tokens):
            if token.word in corrections:
                text = text[: token.start] + corrections[token.word] + text[token.end :]
        return with_texts(query, {question.text: text}), corrections

    def _result(self, tx: Transaction, query: SearchQuery, wording: Wording, found: Sequence[Found]) -> SearchResult:
        stored = hits.load_hits(tx, [one.row for one in found])
        hits_found = tuple(
            make_hit(self.folder, stored[one.row], found=one, wording=wording) for one in found if one.row in stored
        )
        return SearchResult(hits_found, _overall(hits_found, query, wording), wording.unknown, query.read_as)


def _unranked(rows: Iterable[int]) -> list[Found]:
    return [Found(row, fusion.Signals(), 0.0, {}) for row in rows]


def _allowed(tx: Transaction, query: Question, filters: Filters) -> Rows | None:
    """The segment rows that may be hits (sorted), or None where all may."""
    allowed = hits.allowed_segments(tx, filters)
    for phrase in query.phrases:
        allowed = hits.both(allowed, fulltext.phrase_segments(tx, phrase))
    for phrase in query.excluded:
        allowed = hits.without(tx, allowed, fulltext.phrase_segments(tx, phrase))
    return allowed


def _overall(found: tuple[Hit, ...], query: SearchQuery, wording: Wording) -> Strength:
    if not found or (query.questions[0].text and wording.asks_for_the_unknown):
        return "none"
    order: list[Strength] = ["strong", "fair", "weak", "none"]
    return min((hit.strength for hit in found), key=order.index)
