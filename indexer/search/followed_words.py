"""Segments by the words of their texts: the published index, followed to what was committed since.

Reading protocol (with `ingest/publish_words` as its writing half): inside one database snapshot take the newest
generation row; trust its file only if size and SHA-256 agree; read every text that changed after it anew, and leave
what the file says of these aside. Where nothing is published, full text answers.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from indexer import index_files, word_index
from indexer.errors import LibraryError
from indexer.library_folder import LibraryFolder
from indexer.store import Transaction, text_changes, word_generations
from indexer.store.word_generations import WordGeneration
from indexer.word_index import Rows, WordIndex

_log = logging.getLogger(__name__)
_NONE: Rows = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Part:
    """An index of some texts; `gone` (sorted) are those of its rows that changed since."""

    index: WordIndex
    gone: Rows = field(default_factory=lambda: _NONE)

    def frequency(self, stem: str) -> int:
        """How many of its texts that are still so hold the stem."""
        return self.index.frequency(stem) - int(self.index.holding(stem, self.gone).sum())


@dataclass(frozen=True, slots=True)
class FollowedWords:
    """The words of all texts as they were at the number `seq` of changes."""

    generation: WordGeneration
    base: _Part
    tail: tuple[_Part, ...]  # what changed after the base, each part at most half as large as the one before
    seq: int
    ahead: frozenset[int]  # changes beyond that number that are in already

    @property
    def texts(self) -> int:
        return sum(len(part.index.documents) - len(part.gone) for part in self._parts)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """{stem: texts that hold it}; stems that none holds are left out."""
        counts = {stem: sum(part.frequency(stem) for part in self._parts) for stem in stems}
        return {stem: count for stem, count in counts.items() if count}

    def match(self, weights: Mapping[str, float], *, limit: int, allowed: Rows | None) -> list[tuple[int, float]]:
        """The best segments whose text holds any of these stems, {stem: idf}: (row, BM25 score above 0), best first,
        ties by row; with `allowed` (sorted rows), only these."""
        found: list[tuple[int, float]] = []
        for part in self._parts:
            found += part.index.match(weights, limit=limit, allowed=allowed, without=part.gone)
        return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]

    @property
    def _parts(self) -> tuple[_Part, ...]:
        return (self.base, *self.tail)


@dataclass
class IndexedWords:
    """The index of words of one library, for as long as nothing changed from memory; safe to share between threads."""

    folder: LibraryFolder
    _held: FollowedWords | None = None
    _broken: str | None = None  # the file that was told to be missing or damaged
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, tx: Transaction) -> FollowedWords | None:
        """The words as this transaction sees them; None where no index is published, or none that can be trusted."""
        with self._lock:
            newest = word_generations.latest_words(tx)
            if newest is None:
                return None
            held = self._held if self._held and self._held.generation == newest else self._opened(newest)
            if held is not None and held.seq > text_changes.current_seq(tx):  # a view from before, or put back
                held = self._opened(newest)
            self._held = None if held is None else _followed(tx, held)
            return self._held

    def _opened(self, generation: WordGeneration) -> FollowedWords | None:
        """Opened once, so that a file that is broken is told of once."""
        path = self.folder.indexes / generation.file.file
        if generation.file.file == self._broken:
            return None
        try:
            if not index_files.is_whole(self.folder.indexes, generation.file):
                raise LibraryError(
                    f"the index of words {path} is missing or damaged; rebuild it with `shotlist reindex`"
                )
            index = word_index.load(path)
        except LibraryError as error:
            self._broken = generation.file.file
            _log.warning("%s: searches are slower until then", error)
            return None
        return FollowedWords(generation, _Part(index), (), generation.seq, frozenset())


def _followed(tx: Transaction, held: FollowedWords) -> FollowedWords:
    """`held` as it is now."""
    changes = text_changes.changes_since(tx, held.seq, ahead=held.ahead)
    now = replace(held, seq=changes.seq, ahead=changes.ahead)
    if not changes.segment_rows:
        return now
    changed = np.sort(np.array(changes.segment_rows, np.int64))
    tail = [_without(part, changed) for part in held.tail]
    came = text_changes.tokens_of(tx, changes.segment_rows)
    while tail and len(tail[-1].index.documents) < 2 * len(came):
        came = dict(_texts(tx, tail.pop())) | came
    if came:
        length = held.base.index.mean_length
        tail.append(_Part(word_index.build(came.items(), mean_length=length)))
    return replace(now, base=_without(held.base, changed), tail=tuple(tail))


def _without(part: _Part, changed: Rows) -> _Part:
    return replace(
        part, gone=np.union1d(part.gone, changed[np.isin(changed, part.index.documents, assume_unique=True)])
    )


def _texts(tx: Transaction, part: _Part) -> Iterable[tuple[int, str]]:
    """The texts of a part that did not change since, read again: to keep them would take more memory than the index."""
    rows = np.setdiff1d(part.index.documents, part.gone, assume_unique=True)
    return text_changes.tokens_of(tx, rows.tolist()).items()
