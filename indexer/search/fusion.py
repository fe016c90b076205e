"""The ranking rule, as plain arithmetic over candidates. Its constants and figures: docs/search.md.

    S(q, d) = cos(q, d) - 0.5 hub(d) + (0.5 + 1.5 h) N(q, d) + 2 M(q, video(d)) + T(q, video(d))

cos  cosine of query and caption vectors
hub  mean cosine of caption d to its nearest captions of other videos: a caption near everything proves little
N    words found in the caption, M in the video's names and fields, T as letter trigrams of these; each in 0..1
h    share of the query's weight carried by hard words, those an encoder cannot be trusted with
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

HUB_WEIGHT = 0.5
WORDS_WEIGHT = 0.5
HARD_WORDS_WEIGHT = 1.5
NAMES_WEIGHT = 2.0
TRIGRAMS_WEIGHT = 1.0
SATURATION = 2.2  # k1 + 1 of BM25: what a word found many times in a short text tends to


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one candidate segment. Absent signals are 0."""

    cosine: float = 0.0
    hub: float = 0.0
    words: float = 0.0
    names: float = 0.0
    trigrams: float = 0.0


def fused_score(signals: Signals, *, hardness: float) -> float:
    """S(q, d). `hardness` is h, in 0..1."""
    return (
        signals.cosine
        - HUB_WEIGHT * signals.hub
        + (WORDS_WEIGHT + HARD_WORDS_WEIGHT * hardness) * signals.words
        + NAMES_WEIGHT * signals.names
        + TRIGRAMS_WEIGHT * signals.trigrams
    )


def inverse_document_frequency(found_in: int, documents: int) -> float:
    """As FTS5's bm25 has it: ln((n - df + 1/2) / (df + 1/2)), never below 1e-6."""
    return max(1e-6, math.log((documents - found_in + 0.5) / (found_in + 0.5)))


def saturated_top(frequencies: Mapping[str, int], documents: int) -> float:
    """The BM25 score of a text that holds every word, saturated: what a score is divided by to land in 0..1.

    A word that occurs nowhere counts in full, so an unknown word makes the rest less sure, not more.
    """
    return SATURATION * sum(inverse_document_frequency(found, documents) for found in frequencies.values())


def as_share(score: float, top: float) -> float:
    return min(1.0, score / top) if top > 0 else 0.0


def share_of_weight(some: Collection[str], frequencies: Mapping[str, int], documents: int) -> float:
    """Share of the query's idf carried by `some` of its words, in 0..1. That of its hard words is h."""
    weight = {word: inverse_document_frequency(found, documents) for word, found in frequencies.items()}
    total = sum(weight.values())
    return sum(weight.get(word, 0.0) for word in some) / total if total else 0.0


def rarest_within_budget(frequencies: Mapping[str, int], budget: int) -> list[str]:
    """Known words, rarest first, while their document counts sum to at most `budget` rows; always at least one.

    Ranking costs about a microsecond a matching row, so a bound on rows is a bound on time.
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
