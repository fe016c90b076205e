"""The ranking rule, as plain arithmetic over candidates. How it was found, and its figures: docs/search.md.

    S(q, d) =   cos(q, d) - 0.5 hub(d)               meaning
              + picture(q, d)                        where keyframes have vectors of their own
              + (0.5 + 1.5 h) N(q, d) + 0.2 A(q, d)  words of the text
              + (0.4 + 1.2 h) C(q, d)                words spoken or seen in the picture
              + 2 M(q, v) + T(q, v) + 0.3 B(q, v)    names of the video v: title, file names, fields, tags

cos  cosine of query and caption vectors
hub  mean cosine of caption d to its nearest captions of other videos: a caption near everything proves little
N    BM25 of the query's words in the text, C in its best line of transcript or screen text, M of each word in the field
     of the names that holds it best, T of three letters at a time in the names; each as a share of what a text with
     every word would tend to, in 0..1
A    1 where the text and the names together hold every word of the query, else 0
B    1 where two words that are side by side in the query are so in the names, else 0: `Ana Sousa` is one person
h    share of the query's weight carried by hard words, those an encoder cannot be trusted with

What a person wrote counts in full, what a machine wrote 0.9 times in N and A: it names what it sees less surely.
"""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Value = TypeVar("Value", float, Floats)

HUB_WEIGHT = 0.5
PICTURE_WEIGHT = 1.0
WORDS_WEIGHT, HARD_WORDS_WEIGHT = 0.5, 1.5
ALL_WORDS_BONUS = 0.2
CUES_WEIGHT, HARD_CUES_WEIGHT = 0.4, 1.2  # words heard tell less of what is seen than words about it
NAMES_WEIGHT = 2.0
TRIGRAMS_WEIGHT = 1.0
SIDE_BY_SIDE_BONUS = 0.3
NAME_FIELDS = {"title": 1.0, "file_names": 0.7, "tags": 1.0, "fields": 1.0}  # in M, by where a word stands
TRUST = {"human": 1.0, "machine": 0.9}  # in the words of a text, by who wrote it


class Signals(NamedTuple, Generic[Value]):
    """What is known of a candidate segment, or arrays of that, one value a candidate. What is not known is 0."""

    cosine: Value
    hub: Value
    picture: Value
    words: Value
    every_word: Value
    cues: Value
    names: Value
    trigrams: Value
    side_by_side: Value


NOTHING: Signals[float] = Signals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def fused_score(signals: Signals[Value], *, hardness: float) -> Value:
    """S(q, d). `hardness` is h, in 0..1."""
    return (
        signals.cosine
        - HUB_WEIGHT * signals.hub
        + PICTURE_WEIGHT * signals.picture
        + (WORDS_WEIGHT + HARD_WORDS_WEIGHT * hardness) * signals.words
        + ALL_WORDS_BONUS * signals.every_word
        + (CUES_WEIGHT + HARD_CUES_WEIGHT * hardness) * signals.cues
        + NAMES_WEIGHT * signals.names
        + TRIGRAMS_WEIGHT * signals.trigrams
        + SIDE_BY_SIDE_BONUS * signals.side_by_side
    )


def in_spread_of(similarities: Mapping[int, float], others: Sequence[float]) -> dict[int, float]:
    """{row: by how much it is more similar than the last of its list, in the spread of `others`}.

    Similarities of two spaces lie in different ranges; the best few hundred of each vary about alike once each list is
    measured from its end by its own standard deviation. What is in neither list is at the end of both.
    """
    values = np.fromiter(similarities.values(), np.float64, len(similarities))
    spread = float(np.std(values)) if len(values) > 1 else 0.0
    if not spread or len(others) < 2:
        return dict.fromkeys(similarities, 0.0)
    scaled = (values - values.min()) * (float(np.std(others)) / spread)
    return dict(zip(similarities, scaled.tolist(), strict=True))


def as_share(score: float, top: float) -> float:
    return min(1.0, score / top) if top > 0 else 0.0
