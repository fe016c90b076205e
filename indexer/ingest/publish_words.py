"""Publishing the index of words, as `publish` does those of vectors: the row in the database is the publication."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from indexer import index_files, word_index
from indexer.ingest.turns import publisher_turn
from indexer.library_folder import LibraryFolder
from indexer.store import Database, text_changes, word_generations

LEAST = 2_000  # texts that full text ranks as fast as an index
TAIL_SHARE = 0.1  # of the index, changed since: a reader that begins reads these texts one by one
WORDS = "words"
"""What the index of words is called where a space is named: no space is called so, each has its dimension in it."""


@dataclass(frozen=True, slots=True)
class WordsPublisher:
    """`stop` is asked before each file of a second or ten; once it holds, it is left for the next time."""

    folder: LibraryFolder
    database: Database
    stop: Callable[[], bool] = lambda: False
    least: int = LEAST

    def publish_if_due(self) -> int:
        """Write the index anew where it is missing or damaged, or enough texts changed to slow down those who begin to
        search; nothing while another process publishes. Returns how many files were written."""
        return self._publish("skip") if self._is_due() else 0

    def rebuild(self) -> int:
        """Write the index anew whatever there is, unless there are too few texts; waits for another publisher."""
        return self._publish("wait")

    def _publish(self, patience: Literal["wait", "skip"]) -> int:
        turn = publisher_turn(self.folder, self.database, what=WORDS, patience=patience, stop=self.stop)
        with turn as mine:
            return self._write() if mine else 0

    def _is_due(self) -> bool:
        with self.database.read() as tx:
            newest = word_generations.latest_words(tx)
            changed = text_changes.count_since(tx, newest.seq if newest else 0)
            if newest is None:  # of a few texts there is none, but their changes must not pile up
                return changed > self.least or text_changes.has_texts(tx, self.least)
        missing = not (self.folder.indexes / newest.file.file).is_file()
        return missing or changed > max(self.least, TAIL_SHARE * newest.count)

    def _write(self) -> int:
        """Those it replaces are kept for readers that are about to open them, unless they are not whole."""
        with self.database.read() as tx:
            before = word_generations.word_generations(tx)
            enough = text_changes.has_texts(tx, self.least)
            seq = text_changes.current_seq(tx)
            index = word_index.build(text_changes.all_tokens(tx)) if enough else None
        distrusted = [one.row for one in before if not index_files.is_whole(self.folder.indexes, one.file)]
        written = None
        if index is not None:
            written = index_files.write_file(self.folder.indexes, partial(word_index.save, index))
        with self.database.write() as tx:
            if index is not None and written is not None:
                word_generations.add_words(tx, written, seq=seq, count=len(index.documents))
            unused = word_generations.drop_old_words(tx, keep=2 if enough else 0, distrusted=distrusted)
        for name in unused:
            (self.folder.indexes / name).unlink(missing_ok=True)
        return int(written is not None)
