"""An endless sequence in blocks, each seen with what surrounds it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """`items[block]` is what the window is about; the rest is its context."""

    items: list[T]
    block: slice


def windows(items: Iterable[T], *, block: int, context: int) -> Iterator[Window[T]]:
    """Every item is in the block of one window. Around a block there are `context` items on either side, or all there
    are; a window comes as soon as it is complete, and no more is kept than the longest one."""
    held: list[T] = []
    done = 0  # of those held
    for item in items:
        held.append(item)
        if len(held) == done + block + context:
            yield Window(list(held), slice(done, done + block))
            del held[: max(0, done + block - context)]
            done = min(done + block, context)
    if len(held) > done:
        yield Window(held, slice(done, len(held)))
