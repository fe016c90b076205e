"""The keyframes of a library as something to search in, where it has an image embedder."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.domain import Pixels, Vectors
from indexer.embedding import ImageEmbedder
from indexer.errors import ComponentError, UsageError
from indexer.store import Transaction, embeddings, spaces
from indexer.store.spaces import Chosen

MakeImageEmbedder = Callable[[str], ImageEmbedder]

NO_EMBEDDER = (
    "this library has no image embedder, so pictures cannot be compared; give it one with: "
    "shotlist worker --image-embedder NAME"
)
NO_VECTORS = "none of this library's pictures can be compared yet; shotlist worker makes their vectors"


@dataclass(frozen=True, slots=True)
class InSpace:
    """A vector to compare with those of one space."""

    space: str
    vector: Vectors  # (dimension,)


@dataclass
class Pictures:
    """Turns texts and pictures into vectors of the space that the library's keyframes are searched in. `make` is called
    once for each embedder. Safe to share between threads."""

    make: MakeImageEmbedder
    _made: dict[str, ImageEmbedder | ComponentError] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def space(self, tx: Transaction) -> str | None:
        """Where keyframes are searched; None where none has a vector."""
        used = self._used(tx)
        return used.space if used else None

    def lacking(self, tx: Transaction) -> str | None:
        """Why there is nothing to compare a picture with, and what to do; None where there is."""
        if self._used(tx):
            return None
        return NO_VECTORS if spaces.chosen(tx, "pictures") else NO_EMBEDDER

    def of_text(self, tx: Transaction, text: str) -> InSpace | None:
        """None where no keyframe has a vector, and where the embedder is not on this machine: the words and the meaning
        of a query are searched all the same, and `shotlist doctor` tells of the embedder."""
        used = self._used(tx)
        embedder = self._embedder(used.embedder) if used else None
        if used is None or embedder is None or isinstance(embedder, ComponentError):
            return None
        return InSpace(used.space, embedder.embed_texts([text])[0])

    def of_picture(self, tx: Transaction, picture: Pixels) -> InSpace:
        """Raises `UsageError` where there is nothing to compare with, `ComponentError` where the embedder is not on
        this machine."""
        used = self._used(tx)
        if used is None:
            raise UsageError(self.lacking(tx) or NO_VECTORS)
        embedder = self._embedder(used.embedder)
        if isinstance(embedder, ComponentError):
            raise embedder
        return InSpace(used.space, embedder.embed_pictures([picture])[0])

    def _used(self, tx: Transaction) -> Chosen | None:
        used = spaces.in_use(tx, "pictures")
        return used if used and embeddings.change_seq(tx, used.space) else None

    def _embedder(self, name: str) -> ImageEmbedder | ComponentError:
        with self._lock:
            if name not in self._made:
                try:
                    self._made[name] = self.make(name)
                except ComponentError as error:
                    self._made[name] = error
            return self._made[name]
