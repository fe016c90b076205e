"""BM25 in plain arithmetic, with the constants and the idf of FTS5 (k1 1.2, b 0.75): for when a few texts are known
that count, and full text would rank a million.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.
"""

import math
from collections.abc import Iterable, Mapping

K1, B = 1.2, 0.75
SATURATION = K1 + 1  # what a word found many times in a short text tends to


def idf(found_in: int, documents: int) -> float:
    """As FTS5 has it: never below 1e-6. Counts that were taken at different times may say that a word is in more
    documents than there are: it is in all of them then."""
    found_in = min(found_in, documents)
    return max(1e-6, math.log((documents - found_in + 0.5) / (found_in + 0.5)))


def rarest_within(budget: int, frequencies: Mapping[str, int]) -> list[str]:
    """Known words, rarest first, while their document counts sum to at most `budget` rows; always at least one.

    Full text ranks a matching row in about a microsecond, so a bound on rows is a bound on time.
    """
    chosen: list[str] = []
    spent = 0
    for word, found in sorted(frequencies.items(), key=lambda item: (item[1], item[0])):
        if not found:
            continue
        if chosen and spent + found > budget:
            break
        chosen.append(word)
        spent += found
    return chosen


def impact(times: int, length: float) -> float:
    """What a token adds to the score of a text that holds it so often, before its idf; `length` is that of the text,
    where that of the mean is 1."""
    return times * SATURATION / (times + K1 * (1 - B + B * length))


def ranked(
    texts: Iterable[tuple[int, str]], weights: Mapping[str, float], *, mean_length: float, limit: int
) -> list[tuple[int, float]]:
    """The best of these (row, tokens) that hold any of the tokens {token: idf}: (row, score), best first, ties by
    row."""
    found = []
    for row, text in texts:
        tokens = text.split(" ")
        length = len(tokens) / mean_length
        score = 0.0
        for token, weight in weights.items():
            if times := tokens.count(token):
                score += weight * impact(times, length)
        if score:
            found.append((row, score))
    return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]
