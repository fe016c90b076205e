"""How well the names of videos answer a question: M of the ranking rule, and the words they hold.

A word counts by the field that holds it best, not by the sum of all: a person who is in the title too is no more in
the picture. So the best of a disjunction is taken, as for synonyms, and not the sum of fields as BM25F has it. A short
title is more about its words than a long one; elsewhere a word is there or not, beside however much else is stated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexer.search import fusion
from indexer.search.wording import Wording
from indexer.store import Transaction, bm25, fulltext
from indexer.store.video_texts import Names, names_of


@dataclass(frozen=True, slots=True)
class FoundNames:
    """What is known of the videos whose names hold any word that tells one from another, by row."""

    shares: Mapping[int, float] = field(default_factory=dict)  # M, above 0
    stems: Mapping[int, frozenset[str]] = field(default_factory=dict)  # of the question, held in any field
    side_by_side: frozenset[int] = frozenset()  # where words stand side by side as they were typed

    def __or__(self, other: "FoundNames") -> "FoundNames":
        return FoundNames(
            {**self.shares, **other.shares}, {**self.stems, **other.stems}, self.side_by_side | other.side_by_side
        )


@dataclass(frozen=True, slots=True)
class NamesLookup:
    """The words of one question, as they weigh in the names of one library."""

    tx: Transaction
    wording: Wording
    weights: Mapping[str, float]  # {stem: idf}; empty: no name tells anything
    usual_title: float  # the mean length of titles, in tokens

    def best(self, limit: int) -> FoundNames:
        """Of the `limit` videos whose names hold most."""
        videos = fulltext.match_videos(self.tx, list(self.weights), limit=limit) if self.weights else []
        return self.of(video for video, _ in videos)

    def of(self, videos: Iterable[int]) -> FoundNames:
        """Of these videos (rows)."""
        if not self.weights:
            return FoundNames()
        top = self.wording.top(self.wording.in_names)
        shares, stems, side_by_side = {}, {}, set()
        for video, names in names_of(self.tx, videos).items():
            if score := self._score(names):
                shares[video] = fusion.as_share(score, top)
                stems[video] = frozenset(" ".join(names).split()).intersection(self.wording.stems)
                if any(map(self.wording.side_by_side, names)):
                    side_by_side.add(video)
        return FoundNames(shares, stems, frozenset(side_by_side))

    def _score(self, names: Names) -> float:
        best: dict[str, float] = {}
        for name, held in zip(Names._fields, names, strict=True):
            present = [stem for stem in self.weights if stem in held]  # within other tokens too: most names end here
            if not present:
                continue
            tokens = held.split()
            length = len(tokens) / self.usual_title if name == "title" else 1.0
            for stem in present:
                if stem in tokens:
                    score = fusion.NAME_FIELDS[name] * self.weights[stem] * bm25.impact(1, length)
                    best[stem] = max(best.get(stem, 0.0), score)
        return sum(best.values())


def begin_names(tx: Transaction, wording: Wording) -> NamesLookup:
    """Words that most of many names hold (`video`, of `video 0431`) are left out: they tell nothing."""
    corpus = wording.in_names
    telling = fulltext.telling(corpus.frequencies, corpus.texts)
    weights = {stem: corpus.weight([stem]) for stem in telling}
    return NamesLookup(tx, wording, weights, fulltext.mean_title_length(tx) if weights else 1.0)
