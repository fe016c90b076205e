"""What embedders are: they turn texts, or pictures and texts, into unit vectors that lie close together when these mean
or show alike."""

from collections.abc import Sequence
from typing import Protocol

from indexer.domain import Pixels, Vectors


class Embedder(Protocol):
    @property
    def space(self) -> str:
        """Names everything that shapes a vector: model, weights, prompts, dimension. Vectors of different spaces
        are never compared."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed_captions(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, unit rows, in the order of `texts`."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed_captions`, with the model's prompt for questions where it has one."""
        ...

    def splits(self, word: str) -> bool:
        """Whether the encoder's vocabulary cuts this word in pieces: it cannot be trusted with such a word."""
        ...


class ImageEmbedder(Protocol):
    """Pictures and texts in one space: a text lies near the pictures it describes. What shapes a text's vector is not
    all that shapes its meaning, so cosines of texts with pictures are small, and compare only with each other."""

    @property
    def space(self) -> str:
        """Names everything that shapes a vector: model, revision with its preprocessing, dimension."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed_pictures(self, pictures: Sequence[Pixels]) -> Vectors:
        """(n, dimension) float32, unit rows, in the order of `pictures`: each (height, width, 3) uint8 RGB, of whatever
        size."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """As `embed_pictures`, of texts in the same space."""
        ...
