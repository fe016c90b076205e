"""How many tokens a batch may hold: estimated from the model's measures, then learned from what happens. Pure."""

import threading
from dataclasses import dataclass
from typing import Final

MOST_TOKENS: Final = 131_072  # a batch of 128 usual clips: beyond it a GPU gains nothing more
MOST_TOKENS_ON_CPU: Final = 4_096  # larger ones gain little, and their clips are all lost with a worker that dies
_LEAST_TOKENS: Final = 512
_SHARE: Final = 0.8  # of the free memory: allocators leave gaps
_CAREFUL: Final = 2.0  # what the estimate leaves out is as much again


@dataclass(frozen=True, slots=True)
class Measures:
    """What the memory of a batch follows from. Widths are numbers of values; `bytes` is the size of one."""

    layers: int
    kv_width: int  # of keys, and of values, of one layer
    width: int
    inner_width: int
    vision_width: int  # of all patches that make one vision token
    bytes: int


def bytes_per_token(measures: Measures) -> float:
    """Keys and values of every layer, and what one layer at work holds besides."""
    kept = 2 * measures.layers * measures.kv_width
    at_work = 6 * measures.width + 3 * measures.inner_width + 8 * measures.vision_width
    return _CAREFUL * measures.bytes * (kept + at_work)


class BatchLimit:
    """Tokens that a batch may hold. Threads may share it."""

    def __init__(self, tokens: int, *, most: int = MOST_TOKENS) -> None:
        self._most = most
        self._tokens = max(min(tokens, most), 1)
        self._lock = threading.Lock()

    @classmethod
    def estimated(cls, measures: Measures, *, free: int, most: int = MOST_TOKENS) -> "BatchLimit":
        return cls(max(int(_SHARE * free / bytes_per_token(measures)), _LEAST_TOKENS), most=most)

    @property
    def tokens(self) -> int:
        return self._tokens

    def halve(self, failed: int) -> int:
        """A batch of `failed` tokens did not fit: none is half as large again, and none grows beyond that."""
        with self._lock:
            self._tokens = self._most = max(1, min(self._tokens, failed // 2))
            return self._tokens

    def learn(self, *, tokens: int, taken: int, free: int) -> None:
        """A batch of `tokens` took `taken` bytes of the `free` ones there were: up to four times as much may follow."""
        if tokens <= 0 or taken <= 0:
            return
        with self._lock:
            fitting = int(_SHARE * free * tokens / taken)
            self._tokens = max(1, min(fitting, 4 * max(tokens, self._tokens), self._most))
