"""Scores what models and people wrote of the same videos."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from indexer.errors import UsageError
from indexer.evaluation.captions.counts import Counts, count
from indexer.evaluation.captions.java_metrics import Meteor, meteor_is_missing, spice, spice_is_missing
from indexer.evaluation.captions.references import Reference
from indexer.evaluation.captions.scores import Estimate, estimate
from indexer.evaluation.captions.tokenizers import NAMES, TokenizerName, choose_tokenizer, require_library, tokenize


@dataclass(frozen=True, slots=True)
class Tally:
    """The scores of one who wrote, over so many videos (or stretches of them) with so many references in all.
    `rounds`: how many people were left out in turn; 1 of a model. `empty`: candidates without a word."""

    scores: Mapping[str, Estimate]
    videos: int
    references: int
    rounds: int = 1
    empty: int = 0


class Evaluation:
    """Holds the references as words. Raises `ComponentError` where what scores them is not here."""

    def __init__(self, references: Sequence[Reference], *, tokenizer: TokenizerName | None = None) -> None:
        self.library = require_library()
        self._tokenizer = choose_tokenizer(tokenizer)
        words = iter(tokenize(self._tokenizer, [text for one in references for text in one.captions]))
        split = {one.number: [next(words) for _ in one.captions] for one in references}
        self._words = {number: [text for text in texts if text] for number, texts in split.items()}
        self.wordless = sum(len(texts) for texts in split.values()) - sum(len(t) for t in self._words.values())
        self.left_out = {
            name: why
            for name, why in (("METEOR", meteor_is_missing()), ("SPICE", spice_is_missing()))
            if why is not None
        }

    @property
    def tokenizer(self) -> str:
        return NAMES[self._tokenizer]

    def score(self, pairs: Sequence[tuple[Reference, str]]) -> Tally:
        """One candidate each against all that people wrote. Raises `UsageError` where there is nothing to compare."""
        comparable = [(one, text) for one, text in pairs if self._words[one.number]]
        if not comparable:
            raise UsageError("no video has both a candidate and a reference: there is nothing to compare")
        candidates = tokenize(self._tokenizer, [text for _, text in comparable])
        references = [self._words[one.number] for one, _ in comparable]
        scores = estimate([self._counted(candidates, references)], self._meteor)
        empty = sum(not text for text in candidates)
        return Tally(scores, len(candidates), sum(map(len, references)), empty=empty)

    def human(
        self, references: Sequence[Reference], *, most: int | None = None, told: Callable[[int, int], None]
    ) -> Tally | None:
        """The ceiling: each person's caption in turn against those of the others, the scores of all rounds averaged.

        Where a video has fewer people than another, it begins again with its first. `most`: that many rounds at most,
        spread over the people, for data sets list captions by their first words.
        `told` hears (round, of rounds) before each. None where no video has two references.
        """
        several = [self._words[one.number] for one in references if len(self._words[one.number]) > 1]
        if not several:
            return None
        everyone = max(map(len, several))
        total = min(everyone, most or everyone)
        rounds = []
        for number in range(total):
            told(number + 1, total)
            places = [number * everyone // total % len(texts) for texts in several]
            candidates = [texts[place] for texts, place in zip(several, places, strict=True)]
            others = [[*texts[:place], *texts[place + 1 :]] for texts, place in zip(several, places, strict=True)]
            rounds.append(self._counted(candidates, others))
        return Tally(estimate(rounds, self._meteor), len(several), sum(map(len, several)), rounds=len(rounds))

    @cached_property
    def _meteor(self) -> Meteor | None:
        return None if "METEOR" in self.left_out else Meteor()

    def _counted(self, candidates: Sequence[str], references: Sequence[Sequence[str]]) -> Counts:
        counts = count(candidates, references)
        if self._meteor is not None:
            counts = replace(counts, meteor=self._meteor.count(candidates, references))
        if "SPICE" not in self.left_out:
            counts = replace(counts, means={**counts.means, "SPICE": np.asarray(spice(candidates, references))})
        return counts
