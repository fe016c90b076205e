"""What embedders share about the pieces their vocabulary cuts texts into. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence


def batches_of_one_length(lengths: Sequence[int], largest: int) -> Iterator[list[int]]:
    """Positions of texts in batches of at most `largest`, all texts of a batch equally long, longest first.

    Batches of one length need no padding: twice the texts a second, and no text's vector depends on its neighbours'.
    """
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for position, length in enumerate(lengths):
        by_length[length].append(position)
    for length in sorted(by_length, reverse=True):
        positions = by_length[length]
        for start in range(0, len(positions), largest):
            yield positions[start : start + largest]


def readable(text: str) -> str:
    """The text without lone surrogates, which file names may hold and tokenizers refuse."""
    return text.encode("utf-8", "replace").decode("utf-8")
