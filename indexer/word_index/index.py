"""What an index of words is, and how it is asked."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.word_index.postings import Postings, Scores, best_places, draw, score_all, score_some
from indexer.word_index.rows import Mask, Positions, Rows, admitted, positions_of
from indexer.word_index.vocabulary import Vocabulary

_NARROW = 1 / 32  # of all documents: as many looked up, once for each stem, take as long as adding all up


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

    def frequency(self, stem: str, *, alive: Mask | None = None) -> int:
        """How many documents hold the stem, of those that are `alive` (None: of all)."""
        positions = self._postings(stem).positions
        return len(positions) if alive is None else int(np.count_nonzero(alive[positions]))

    def digests(self, rows: Rows) -> NDArray[np.float64]:
        """(n,) for each of these documents a number that tells its words, and how often it has each, from others."""
        counts = np.diff(self.starts)
        named = [zlib.crc32(self.vocabulary.stem(place).encode()) for place in range(len(counts))]
        told = np.repeat(np.array(named, np.float64), counts) * self.impacts
        summed = np.bincount(self.positions, told, minlength=len(self.documents)).astype(np.float64, copy=False)
        return summed[positions_of(rows, self.documents)]

    def match(
        self, weights: Mapping[str, float], *, limit: int, allowed: Rows | None, alive: Mask | None = None
    ) -> list[tuple[int, float]]:
        """The best documents that hold any of the stems {stem: weight}: (row, sum of weight * impact, above 0), best
        first, ties by row.

        Only those in `allowed` (sorted, each once; None: all) that are `alive` (documents,) (None: all).
        """
        weighted = [(weight, self._postings(stem)) for stem, weight in weights.items()]
        weighted = [(weight, postings) for weight, postings in weighted if len(postings)]
        if not weighted or limit < 1:
            return []
        if allowed is not None and len(allowed) * len(weighted) <= _NARROW * len(self.documents):
            among = positions_of(allowed, self.documents)
            among = among if alive is None else among[alive[among]]
            scores = score_some(weighted, among)
            best = best_places(scores, limit=limit, sample=among[:0])
            rows = self.documents[among[best]]
        else:
            scores = score_all(weighted, len(self.documents))
            for mask in (alive, None if allowed is None else admitted(self.documents, allowed)):
                if mask is not None:
                    scores *= mask
            best = best_places(scores, limit=limit, sample=draw(weighted, limit))
            rows = self.documents[best]
        return list(zip(rows.tolist(), scores[best].tolist(), strict=True))

    def _postings(self, stem: str) -> Postings:
        place = self.vocabulary.place(stem)
        listed = slice(0, 0) if place is None else slice(*self.starts[place : place + 2].tolist())
        return Postings(self.positions[listed], self.impacts[listed])
