"""Publishing the index of words, as `publish` does those of vectors: the row in the database is the publication."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from indexer import index_files, word_index
from indexer.ingest.turns import publisher_turn
from indexer.library_folder import LibraryFolder
from indexer.store import Database, text_changes, word_generations
from indexer.store.word_generations import WordGeneration

LEAST = 2_000  # texts that full text ranks as fast as an index
TAIL_SHARE = 0.02  # of the index, changed since: whoever begins to search reads these texts one by one
WORDS = "words"
"""What the index of words is called where a space is named: no space is called so, each has its dimension in it."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class WordsPublisher:
    """`stop` is asked before each file of a second or ten; once it holds, it is left for the next time. Of fewer than
    `least` texts none is published."""

    folder: LibraryFolder
    database: Database
    stop: Callable[[], bool] = _never
    least: int = LEAST

    def publish(self) -> int:
        """Write the index anew where it is missing or damaged, or enough texts changed to slow down those who begin to
        search; waits for another publisher to end. Returns how many files were written."""
        return self._publish("wait")

    def publish_if_due(self) -> int:
        """As `publish`; nothing while another process publishes words."""
        return self._publish("skip")

    def rebuild(self) -> int:
        """Write the index anew whatever there is, unless there are too few texts."""
        with self._turn("wait") as mine:
            return self._write(distrusted="all") if mine else 0

    def _publish(self, patience: Literal["wait", "skip"]) -> int:
        if not self._is_due():
            return 0
        with self._turn(patience) as mine:
            return self._write(distrusted="broken") if mine and self._is_due() else 0

    def _turn(self, patience: Literal["wait", "skip"]) -> AbstractContextManager[bool]:
        """Their own, so that words do not wait while vectors are measured for minutes."""
        return publisher_turn(
            self.folder, self.database, what=WORDS, lock=".publish-words.lock", patience=patience, stop=self.stop
        )

    def _is_due(self) -> bool:
        with self.database.read() as tx:
            newest = word_generations.latest_words(tx)
            if newest is None:  # of a few texts there is none, but their changes must not pile up
                return text_changes.has_texts(tx, self.least) or text_changes.count_since(tx, 0) > LEAST
            changed = text_changes.count_since(tx, newest.seq)
        return changed > max(self.least, TAIL_SHARE * newest.count) or not self._is_there(newest)

    def _is_there(self, generation: WordGeneration) -> bool:
        """Whether the file has its size, which is as much as can be asked again and again."""
        try:
            return (self.folder.indexes / generation.file.file).stat().st_size == generation.file.bytes
        except OSError:
            return False

    def _write(self, *, distrusted: Literal["all", "broken"]) -> int:
        """Those it replaces are kept for readers that are about to open them, unless they are not to be trusted."""
        with self.database.read() as tx:
            before = word_generations.word_generations(tx)
            enough = text_changes.has_texts(tx, self.least)
            seq = text_changes.current_seq(tx)
            index = word_index.build(text_changes.all_tokens(tx)) if enough else None
        whole = [] if distrusted == "all" else [one for one in before if self._is_whole(one)]
        dropped = [one.row for one in before if one not in whole]
        written = None
        if index is not None:
            written = index_files.write_file(self.folder.indexes, partial(word_index.save, index))
        with self.database.write() as tx:
            unused = []
            if written is not None and index is not None:
                published = word_generations.add_words(tx, written, seq=seq, count=len(index.documents))
                unused += [] if published else [written.file]
            unused += word_generations.drop_old_words(tx, keep=2 if enough else 0, distrusted=dropped)
        for name in unused:
            (self.folder.indexes / name).unlink(missing_ok=True)
        return int(written is not None)

    def _is_whole(self, generation: WordGeneration) -> bool:
        return index_files.is_whole(self.folder.indexes, generation.file)
