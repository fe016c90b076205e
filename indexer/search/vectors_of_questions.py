"""The vectors of questions: made beside what the database does meanwhile, and remembered for when they come again."""

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from indexer.domain import Vectors
from indexer.embedding import Embedder

REMEMBERED = 256  # questions; as many vectors are half a megabyte


@dataclass
class QuestionVectors:
    """Safe to share between threads."""

    _made: OrderedDict[tuple[str, str], Future[Vectors]] = field(default_factory=OrderedDict)
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    _lock: Lock = field(default_factory=Lock)

    def begin(self, embedder: Embedder, text: str) -> Future[Vectors]:
        """The vector of a question, (dimension,), when it is made. One that could not be made is tried again."""
        with self._lock:
            made = self._made.pop((embedder.space, text), None)
            if made is None or (made.done() and made.exception() is not None):
                made = self._beside.submit(_embed, embedder, text)
            self._made[embedder.space, text] = made
            while len(self._made) > REMEMBERED:
                self._made.popitem(last=False)
            return made


def _embed(embedder: Embedder, text: str) -> Vectors:
    vector: Vectors = embedder.embed_queries([text])[0]
    return vector
