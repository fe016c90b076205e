"""Segments that lie near another in whatever spaces both have vectors in: texts, pictures, or both.

    score = sum over the spaces of cos - 0.5 hub

The rule that queries are ranked by (docs/search.md), with a segment's own vectors in the query's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from indexer.domain import Evidence, Hit, Strength
from indexer.search.candidates import Found
from indexer.search.fusion import HUB_WEIGHT, Signals
from indexer.search.levels import Levels
from indexer.search.nearest import NearestCaptions
from indexer.search.pictures import InSpace
from indexer.search.showing import strongest
from indexer.store import Transaction, embeddings, words
from indexer.store.recipes import HUMAN
from indexer.store.spans import StoredSpan, spans_of
from indexer.vector_index import Rows

MOST = 200  # of each space
PICTURES_EACH = 5  # of a segment, at most
SAME_PICTURE, LIKE_PICTURE = 0.9, 0.75  # cosines of pictures, with models of the families CLIP and SigLIP

Way = Literal["picture", "meaning"]


def own_vectors(tx: Transaction, row: int, spaces: Mapping[Way, str]) -> dict[Way, InSpace]:
    """A segment's own vectors, where it has some: that of the text it is searched by, the mean of its pictures'."""
    found: dict[Way, InSpace] = {}
    for way, space in spaces.items():
        rows = embeddings.rows_of_segments(tx, space, np.array([row], np.int64))
        if own := list(embeddings.vectors_of(tx, rows.tolist()).values()):
            mean = np.mean(own, axis=0)
            found[way] = InSpace(space, (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32))
    return found


def find_similar(
    tx: Transaction, nearest: NearestCaptions, vectors: Mapping[Way, InSpace], *, allowed: Rows | None
) -> list[Found]:
    """The segments nearest in any of the spaces, compared in each, best first. `places` are of `meaning` and `picture`,
    where they have such a vector."""
    near = {way: _near(tx, nearest, one, among=allowed, most=MOST) for way, one in vectors.items()}
    rows = {row for found in near.values() for row in found}
    for way, one in vectors.items():
        missing = np.array(sorted(rows - near[way].keys()), np.int64)
        near[way] |= _near(tx, nearest, one, among=missing, most=PICTURES_EACH * len(missing))
    places = {way: _places(found) for way, found in near.items()}
    found = [
        _found(
            span,
            near={way: one[row] for way, one in near.items() if row in one},
            places={way: one[row] for way, one in places.items() if row in one},
        )
        for row, span in spans_of(tx, rows).items()
    ]
    return sorted(found, key=lambda one: (-one.score, one.row))


def say_how_near(hit: Hit, found: Found, levels: Levels) -> Hit:
    """The hit with what it is like by, and how much, in place of words that nobody asked for."""
    evidence = []
    if "picture" in found.places:
        evidence.append(Evidence("picture", found.places["picture"], "keyframe", strength=_look(found.signals.picture)))
    if "meaning" in found.places:
        field = "description" if hit.recipe == HUMAN else "caption"
        meaning = levels.strength(found.signals.cosine, words=len(words.tokens(hit.text)))
        evidence.append(Evidence("meaning", found.places["meaning"], field, strength=meaning))
    strength = strongest(one.strength for one in evidence if one.strength)
    return replace(hit, evidence=tuple(evidence), strength=strength)


def _look(cosine: float) -> Strength:
    return "strong" if cosine >= SAME_PICTURE else "fair" if cosine >= LIKE_PICTURE else "weak"


@dataclass(frozen=True, slots=True)
class _Near:
    cosine: float
    hub: float

    @property
    def score(self) -> float:
        return self.cosine - HUB_WEIGHT * self.hub


def _near(
    tx: Transaction, nearest: NearestCaptions, wanted: InSpace, *, among: Rows | None, most: int
) -> dict[int, _Near]:
    """{segment row: how near}, of several pictures of a segment the nearest; among these segments or all."""
    if among is not None and not len(among):
        return {}
    rows = None if among is None else embeddings.rows_of_segments(tx, wanted.space, among)
    cosines = nearest.find(tx, wanted.space, query=wanted.vector, k=most, allowed=rows)
    found: dict[int, _Near] = {}
    for one in embeddings.resolve(tx, list(cosines)):
        near = _Near(cosines[one.row], one.hub or 0.0)
        if one.segment_row not in found or near.score > found[one.segment_row].score:
            found[one.segment_row] = near
    return found


def _found(span: StoredSpan, *, near: Mapping[Way, _Near], places: Mapping[Way, int]) -> Found:
    meaning, picture = near.get("meaning"), near.get("picture")
    signals = Signals(
        cosine=meaning.cosine if meaning else 0.0,
        hub=meaning.hub if meaning else 0.0,
        picture=picture.cosine if picture else 0.0,
        words=0.0,
        every_word=0.0,
        cues=0.0,
        names=0.0,
        trigrams=0.0,
        side_by_side=0.0,
    )
    score = sum(one.score for one in near.values())
    return Found(span, score, signals, {str(way): place for way, place in places.items()}, {})


def _places(found: Mapping[int, _Near]) -> dict[int, int]:
    order = sorted(found, key=lambda row: (-found[row].cosine, row))
    return {row: place for place, row in enumerate(order, start=1)}
