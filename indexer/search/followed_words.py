"""The words of a library's texts as a reader keeps them: a published index, and what changed since in small ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from indexer import word_index
from indexer.store import Transaction, text_changes
from indexer.store.word_generations import WordGeneration
from indexer.word_index import Mask, Rows, WordIndex


@dataclass(frozen=True, slots=True)
class WordPart:
    """An index of some texts, and which of them are still so (None: all)."""

    index: WordIndex
    alive: Mask | None = None

    @property
    def texts(self) -> int:
        return len(self.index.documents) if self.alive is None else int(np.count_nonzero(self.alive))

    def without(self, changed: Rows) -> "WordPart":
        """`changed` are sorted rows."""
        at = np.minimum(np.searchsorted(self.index.documents, changed), len(self.index.documents) - 1)
        at = at[self.index.documents[at] == changed] if len(self.index.documents) else at[:0]
        if not len(at):
            return self
        alive = np.ones(len(self.index.documents), np.bool_) if self.alive is None else self.alive.copy()
        alive[at] = False
        return replace(self, alive=alive)


@dataclass(frozen=True, slots=True)
class FollowedWords:
    """The words of all texts as they were at the number `seq` of changes."""

    generation: WordGeneration
    base: WordPart
    tail: tuple[WordPart, ...]  # what changed after the base, each part at most half as large as the one before
    seq: int

    @property
    def texts(self) -> int:
        return sum(part.texts for part in self._parts)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """{stem: texts that hold it}; stems that none holds are left out."""
        counts = {stem: sum(part.index.frequency(stem, alive=part.alive) for part in self._parts) for stem in stems}
        return {stem: count for stem, count in counts.items() if count}

    def match(self, weights: Mapping[str, float], *, limit: int, allowed: Rows | None) -> list[tuple[int, float]]:
        """The best segments whose text holds any of these stems, {stem: idf}: (row, BM25 score above 0), best first,
        ties by row; with `allowed` (sorted rows), only these."""
        found: list[tuple[int, float]] = []
        for part in self._parts:
            found += part.index.match(weights, limit=limit, allowed=allowed, alive=part.alive)
        return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]

    @property
    def _parts(self) -> tuple[WordPart, ...]:
        return (self.base, *self.tail)


def begin(generation: WordGeneration, index: WordIndex) -> FollowedWords:
    """The words as they were when this index was published."""
    return FollowedWords(generation, WordPart(index), (), generation.seq)


def follow(tx: Transaction, held: FollowedWords) -> FollowedWords:
    """`held` as it is now."""
    changes = text_changes.changes_since(tx, held.seq)
    if not changes.segment_rows:
        return held
    changed = np.sort(np.array(changes.segment_rows, np.int64))
    tail = [part.without(changed) for part in held.tail]
    came = text_changes.tokens_of(tx, changes.segment_rows)
    while tail and tail[-1].texts < 2 * len(came):
        came |= _texts(tx, tail.pop())
    if came:  # lengths as the base has them, so that all scores can be compared
        tail.append(WordPart(word_index.build(came.items(), mean_length=held.base.index.mean_length)))
    return replace(held, base=held.base.without(changed), tail=tuple(tail), seq=changes.seq)


def _texts(tx: Transaction, part: WordPart) -> dict[int, str]:
    """The texts of a part that are still so, read again: to keep them would take more memory than the index."""
    rows = part.index.documents if part.alive is None else part.index.documents[part.alive]
    return text_changes.tokens_of(tx, rows.tolist())
