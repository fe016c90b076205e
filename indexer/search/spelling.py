"""A guarded correction of single typos.

A word is corrected only if it has four letters or more and nothing but letters, is not in the library, is not whole in
the encoder's vocabulary, and has a neighbour at one edit in the library. Without the third guard clean queries suffer.
"""

import string
from collections.abc import Callable, Mapping, Sequence

SWAP_WEIGHT = 5  # two letters swapped are the likeliest slip
SHORTEST = 4


def correct(
    typed: Sequence[str],
    *,
    known: Callable[[Sequence[str]], Mapping[str, int]],
    splits: Callable[[str], bool],
) -> dict[str, str]:
    """Which of the folded words to read otherwise: {typed: meant}.

    `known` gives the number of texts each word occurs in (absent or 0: nowhere); `splits` is `Embedder.splits`.
    """
    candidates = [word for word in dict.fromkeys(typed) if len(word) >= SHORTEST and word.isalpha()]
    present = known(candidates) if candidates else {}
    corrections = {}
    for word in candidates:
        if present.get(word) or not splits(word):
            continue
        weighted = neighbours(word)
        found = known(list(weighted))
        best = max(found, key=lambda other: (found[other] * weighted[other], other), default=None)
        if best is not None and found[best]:
            corrections[word] = best
    return corrections


def neighbours(word: str) -> dict[str, int]:
    """Every word at one edit (swap, drop, add, replace) and the weight of its likeliest edit."""
    splits = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    others: dict[str, int] = {}
    for left, right in splits:
        for letter in string.ascii_lowercase:
            others[left + letter + right] = 1
            if right:
                others[left + letter + right[1:]] = 1
        if right:
            others[left + right[1:]] = 1
    for left, right in splits:
        if len(right) > 1:
            others[left + right[1] + right[0] + right[2:]] = SWAP_WEIGHT
    others.pop(word, None)
    return others
