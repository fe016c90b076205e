"""A guarded correction of single typos.

A word is corrected only if it has four letters or more and nothing but letters, is not in the library, is not whole in
the encoder's vocabulary, and has a neighbour at one edit in the library. Without the third guard clean queries suffer.
"""

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.search.query import Question
from indexer.search.query.parsing import as_stored
from indexer.store import words

SWAP_WEIGHT = 5  # two letters swapped are the likeliest slip
SHORTEST = 4

Known = Callable[[Sequence[str]], Mapping[str, int]]


def correct_question(
    question: Question, *, known: Known, splits: Callable[[str], bool]
) -> tuple[Question, dict[str, str]]:
    """The question as it is meant, and {typed: read in its place}.

    Phrases, prefixes, dates and words that are joined with a number are meant as they stand. `known` and `splits` as
    of `correct`.
    """
    plain = [token.word for part in question.parts if not part.phrase for token in _doubtful(part.text)]
    corrections = correct(plain, known=known, splits=splits)
    if not corrections:
        return question, {}
    texts = (part.text if part.phrase else _corrected(part.text, corrections) for part in question.parts)
    return replace(question, text=" ".join(texts)), corrections


def correct(typed: Sequence[str], *, known: Known, splits: Callable[[str], bool]) -> dict[str, str]:
    """Which of the folded words to read otherwise: {typed: meant}.

    `known` gives the number of texts each word occurs in (absent or 0: nowhere) and is asked twice, however many words
    there are; `splits` is `Embedder.splits`.
    """
    candidates = [word for word in dict.fromkeys(typed) if len(word) >= SHORTEST and word.isalpha()]
    present = known(candidates) if candidates else {}
    near = {word: neighbours(word) for word in candidates if not present.get(word) and splits(word)}
    found = known(list({other: None for others in near.values() for other in others})) if near else {}
    corrections = {}
    for word, others in near.items():
        there = [other for other in others if found.get(other)]
        if there:
            corrections[word] = max(there, key=lambda other: (found[other] * others[other], other))
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


def _doubtful(text: str) -> Iterator[words.Token]:
    """The words of plain text that may be slips."""
    for token in words.tokens(text):
        start = text.rfind(" ", 0, token.start) + 1
        end = text.find(" ", token.end)
        written = text[start : None if end < 0 else end]
        if token.word not in words.STOP_WORDS and not any(character.isdigit() for character in written):
            yield token


def _corrected(text: str, corrections: Mapping[str, str]) -> str:
    """A month that was misspelt makes a date."""
    for token in reversed([token for token in _doubtful(text) if token.word in corrections]):
        text = text[: token.start] + corrections[token.word] + text[token.end :]
    return as_stored(text)
