"""What an index of words is, and how it is asked."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.word_index.postings import Postings, Scores, Weighted, best_places, draw, score_all, score_some
from indexer.word_index.rows import Positions, Rows, admitted, look_up, positions_of
from indexer.word_index.vocabulary import Vocabulary

_NARROW = 1 / 32  # of all documents: as many looked up, once for each stem, take as long as adding all up
_SHORT = 1 / 200  # of all documents: as many looked up once take as long as marking any number


@dataclass(frozen=True, slots=True, eq=False)
class WordIndex:
    """The words of `documents` (rows, sorted, unique): for each stem of the vocabulary which of them hold it, as
    positions in `documents` and impacts, from its place in `starts` (stems + 1) to the next.

    An impact is what BM25 gives a stem in a text before its idf: asked with idfs for weights, the index ranks as BM25
    does. It never changes, and threads may share it.
    """

    documents: Rows
    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    positions: Positions
    impacts: Scores
    mean_length: float  # of the texts, in tokens, as the impacts were measured by

    def frequency(self, stem: str) -> int:
        """How many documents hold the stem."""
        return len(self._postings(stem))

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """{stem: documents that hold it}; stems that none holds are left out."""
        return {stem: count for stem in stems if (count := self.frequency(stem))}

    def holding(self, stem: str, rows: Rows) -> NDArray[np.bool_]:
        """(n,) whether each of these documents holds the stem; what is no document holds nothing."""
        at, known = look_up(rows, self.documents)
        _, there = look_up(at.astype(np.int32), self._postings(stem).positions)
        return known & there

    def digests(self, rows: Rows) -> NDArray[np.float64]:
        """(n,) for each of these documents a number that tells its words, and how often it has each, from others."""
        counts = np.diff(self.starts)
        named = [zlib.crc32(self.vocabulary.stem(place).encode()) for place in range(len(counts))]
        told = np.repeat(np.array(named, np.float64), counts) * self.impacts
        summed = np.bincount(self.positions, told, minlength=len(self.documents)).astype(np.float64, copy=False)
        return summed[positions_of(rows, self.documents)]

    def match(
        self, weights: Mapping[str, float], *, limit: int, allowed: Rows | None, without: Rows
    ) -> list[tuple[int, float]]:
        """The best documents that hold any of the stems {stem: weight}: (row, sum of weight * impact, above 0), best
        first, ties by row.

        Only those in `allowed` (None: all), and none in `without`; both sorted, each row once.
        """
        weighted = [(weight, self._postings(stem)) for stem, weight in weights.items()]
        weighted = [(weight, postings) for weight, postings in weighted if len(postings)]
        if not weighted or limit < 1:
            return []
        if allowed is not None and len(allowed) * len(weighted) <= _NARROW * len(self.documents):
            among = positions_of(np.setdiff1d(allowed, without, assume_unique=True), self.documents)
            scores = score_some(weighted, among)
            best = best_places(scores, limit=limit, sample=among[:0])
            rows = self.documents[among[best]]
        else:
            scores = self._scores(weighted, allowed, without)
            best = best_places(scores, limit=limit, sample=draw(weighted, limit))
            rows = self.documents[best]
        return list(zip(rows.tolist(), scores[best].tolist(), strict=True))

    def _scores(self, weighted: Sequence[Weighted], allowed: Rows | None, without: Rows) -> Scores:
        """(documents,) what each scores; 0 where it is not to be found."""
        scores = score_all(weighted, len(self.documents))
        if allowed is None and len(without) <= _SHORT * len(self.documents):
            scores[positions_of(without, self.documents)] = 0
        else:
            scores *= admitted(self.documents, allowed, without)
        return scores

    def _postings(self, stem: str) -> Postings:
        place = self.vocabulary.place(stem)
        listed = slice(0, 0) if place is None else slice(*self.starts[place : place + 2].tolist())
        return Postings(self.positions[listed], self.impacts[listed])
