"""What people write about moments, and which captioner's texts are searched."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.domain import Recipe, SegmentId
from indexer.embedding import Embedder
from indexer.ingest.editing import edit_text, reject_text, undo_edit
from indexer.store import Database, spaces
from indexer.store.coverage import RecipeCoverage, coverage, find_recipe
from indexer.store.edits import Edit, history
from indexer.store.spaces import SpaceCoverage
from indexer.store.switching import switch_to


@dataclass(frozen=True, slots=True)
class Texts:
    """The layers of text of a library."""

    database: Database
    writable: Callable[[], Database]
    make_embedder: Callable[[], Embedder]

    def edit(self, segment: SegmentId, text: str, *, author: str) -> None:
        """Let `text` be what a segment is searched by, from now on and through every re-captioning."""
        edit_text(self.writable(), self.make_embedder(), segment, text, author=author)

    def reject(self, segment: SegmentId, *, author: str) -> None:
        """Hide the text a segment is searched by; it is kept, and the next one in line takes its place."""
        reject_text(self.writable(), self.make_embedder(), segment, author=author)

    def undo(self, segment: SegmentId, *, author: str) -> Edit:
        """Take back the last thing done to a segment's texts that is not undone yet, and say what it was."""
        return undo_edit(self.writable(), self.make_embedder(), segment, author=author)

    def history(self, segment: SegmentId) -> list[Edit]:
        """What people did to a segment's texts, oldest first."""
        with self.database.read() as tx:
            return history(tx, segment)

    def recipes(self) -> list[RecipeCoverage]:
        """What wrote captions or is to write some, in the order of search, and how far each is."""
        with self.database.read() as tx:
            return coverage(tx)

    def recipe(self, name_or_number: str) -> Recipe:
        """The recipe of this number or name, or by this captioner. Raises `UsageError` where there is none."""
        with self.database.read() as tx:
            return find_recipe(tx, name_or_number)

    def embedders(self) -> list[SpaceCoverage]:
        """What texts and pictures are searched by, or will be when it is complete, and how far each is."""
        with self.database.read() as tx:
            return spaces.coverage(tx)

    def use_recipe(self, name_or_number: str) -> RecipeCoverage:
        """Search the captions of this recipe first, and have new footage captioned so. Returns how far it is."""
        with self.writable().write() as tx:
            recipe = find_recipe(tx, name_or_number)
            switch_to(tx, recipe)
            return next(one for one in coverage(tx) if one.recipe == recipe)
