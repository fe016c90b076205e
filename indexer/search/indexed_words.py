"""Segments by the words of their texts: the published index, followed to what was committed since.

Reading protocol (with `ingest/publish_words` as its writing half): inside one database snapshot take the newest
generation row; trust its file only if size and SHA-256 agree; read every text that changed after it anew, and leave
what the file says of these aside. Where nothing can be trusted, full text answers.
"""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from indexer import index_files, word_index
from indexer.errors import LibraryError
from indexer.library_folder import LibraryFolder
from indexer.search.followed_words import FollowedWords, begin, follow
from indexer.store import Transaction, text_changes, word_generations
from indexer.store.word_generations import WordGeneration
from indexer.word_index import WordIndex

_log = logging.getLogger(__name__)
_FEW = 8  # older views in a row that may be chance
State = tuple[int, int] | None
"""Size and time of change of a file; None: it is not there."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """A published index on its way into memory, and the state its file was in."""

    generation: WordGeneration
    state: State
    index: Future[WordIndex | None]


@dataclass
class IndexedWords:
    """Answers from memory what was not committed since; safe to share between threads."""

    folder: LibraryFolder
    _held: FollowedWords | None = None
    _opening: _Opening | None = None
    _behind: int = 0  # views in a row that were older than what is held
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, tx: Transaction) -> FollowedWords | None:
        """The words as this transaction sees them; None where no index can answer it: none is published or whole, or
        it is an older view than another has seen.

        An index that takes the place of another is opened beside the searches, which go on over the other.
        """
        with self._lock:
            published = word_generations.word_generations(tx)
            if not published:
                self._held = self._opening = None
                return None
            if self._is_ahead_of(tx, published[0]):
                return None
            held = self._held
            if held is not None and held.generation not in published:
                held = None  # what changed after it may be forgotten
            if held is None or held.generation != published[0]:
                held = self._renewed(published[0], held)
            if held is not None:
                held = self._held = follow(tx, held)
            return held

    def _is_ahead_of(self, tx: Transaction, newest: WordGeneration) -> bool:
        """Whether this view is older than what is held. One or two may be, beside a commit; where all are, the database
        was put back, and all is read anew."""
        held = self._held
        if held is None or (held.generation.row <= newest.row and held.seq <= text_changes.current_seq(tx)):
            self._behind = 0
            return False
        self._behind += 1
        if self._behind <= _FEW:
            return True
        self._held = self._opening = None
        return False

    def _renewed(self, newest: WordGeneration, held: FollowedWords | None) -> FollowedWords | None:
        """`newest` as soon as it is opened; meanwhile, and where its file is not whole, what is held."""
        path = self.folder.indexes / newest.file.file
        opening, state = self._opening, _state_of(path)
        if opening is None or opening.generation != newest or (opening.state != state and opening.index.done()):
            opening = self._opening = _Opening(newest, state, self._beside.submit(self._open, newest, path))
        if held is not None and not opening.index.done():
            return held
        index = opening.index.result()
        return held if index is None else begin(newest, index)

    def _open(self, generation: WordGeneration, path: Path) -> WordIndex | None:
        """Each state of a file is looked at once, so that one that is broken is told of once."""
        try:
            if not index_files.is_whole(self.folder.indexes, generation.file):
                raise LibraryError(f"the index of words {path} is missing or damaged; make it anew: shotlist reindex")
            return word_index.load(path)
        except LibraryError as error:
            _log.warning("%s; full text answers until then, by rarer words alone where a library is large", error)
            return None


def _state_of(path: Path) -> State:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
