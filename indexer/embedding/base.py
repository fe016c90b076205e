"""What an embedder is: it turns texts into unit vectors that lie close together when the texts mean alike."""

from collections.abc import Sequence
from typing import Protocol

from indexer.domain import Vectors


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
