"""An embedder without a model: texts that share words lie close together."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from indexer.domain import Vectors


class HashEmbedder:
    """Each word is a fixed random direction in 64 dimensions; a text is the sum of its words, made a unit vector."""

    def __init__(self, *, longest_whole_word: int = 12) -> None:
        self._longest_whole_word = longest_whole_word

    @property
    def space(self) -> str:
        return f"hash/{self.dimension}"

    @property
    def dimension(self) -> int:
        return 64

    def embed_captions(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for position, text in enumerate(texts):
            words = re.findall(r"\w+", text.lower()) or [text]
            vectors[position] = _unit(np.sum([_direction(word) for word in words], axis=0))
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_captions(texts)

    def splits(self, word: str) -> bool:
        """Its vocabulary has the short words without digits."""
        return len(word) > self._longest_whole_word or any(character.isdigit() for character in word)


def _direction(word: str) -> Vectors:
    digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
    drawn: Vectors = np.random.default_rng(int.from_bytes(digest)).standard_normal(64).astype(np.float32)
    return _unit(drawn)


def _unit(vector: Vectors) -> Vectors:
    unit: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
