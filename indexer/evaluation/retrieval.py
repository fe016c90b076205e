"""How well a search finds what people say is right: recall, reciprocal rank, gain, overlap in time. Pure arithmetic.

Two kinds of questions are scored apart: those whose right answers are whole videos, and those whose right answers are
moments, where a result is right when it covers the same stretch: IoU is what both have in common by what they cover
together. Results are compared by the names that answers go by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

PLACES: Final = (1, 5, 10)
RESAMPLES: Final = 2000
SEED: Final = 0
_NOWHERE: Final = 10**9

Unit = Literal["videos", "moments"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A video by name, or a stretch of it; as what is right, and as what was found. Times are seconds."""

    video: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and all its right answers; none: nothing that is searched answers it."""

    id: str
    text: str
    gold: tuple[Answer, ...]

    @property
    def unit(self) -> Unit:
        return "moments" if self.gold and all(one.end is not None for one in self.gold) else "videos"


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found for a question, best first."""

    ranked: tuple[Answer, ...]
    score: float | None = None  # of the best; None: nothing was found
    nothing: bool = False  # whether it was said that nothing matches


@dataclass(frozen=True, slots=True)
class Estimated:
    """A mean of 0 to 1 and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The scores of all questions of one unit."""

    unit: Unit
    questions: int
    scores: Mapping[str, Estimated]


@dataclass(frozen=True, slots=True)
class Silence:
    """How well it is told whether anything matches at all."""

    answerable: int
    unanswerable: int
    said_of_answerable: float  # shares, 0 to 1, of which "nothing matches" was said
    said_of_unanswerable: float
    auc: float | None  # of the best hit's score: the chance that a question with an answer has the higher one


def evaluate(asked: Sequence[Asked], answered: Mapping[str, Answered]) -> list[Retrieval]:
    """Scores of the questions that have an answer, by unit. A question that was not answered counts as not found."""
    found = []
    units: tuple[Unit, ...] = ("videos", "moments")
    for unit in units:
        questions = [one for one in asked if one.gold and one.unit == unit]
        if questions:
            rows = [score_one(one, answered.get(one.id, Answered(()))) for one in questions]
            groups = [one.gold[0].video for one in questions]
            scores = {name: estimate([row[name] for row in rows], groups) for name in rows[0]}
            found.append(Retrieval(unit, len(questions), scores))
    return found


def score_one(asked: Asked, answered: Answered) -> dict[str, float]:
    """{metric: 0 to 1} of one question.

    Of videos: `R@k` (a right video is among the first k), `MRR`, `nDCG@10` (Järvelin and Kekäläinen 2002; all right
    answers, binary). Of moments `R@k IoU 0.5` and `R@k IoU 0.7` besides, MRR and nDCG@10 at IoU 0.5. Each right moment
    is credited once, to the best-placed result that reaches it.
    """
    right = {one.video for one in asked.gold}
    names = list(dict.fromkeys(one.video for one in answered.ranked))
    of_videos = [name in right for name in names]
    scores = _recalls("R@{}", of_videos)
    if asked.unit == "videos":
        return scores | _order(of_videos, len(right))
    of_moments = {least: _credited(asked.gold, answered.ranked, least) for least in (0.5, 0.7)}
    for least, hits in of_moments.items():
        scores |= _recalls(f"R@{{}} IoU {least}", hits)
    return scores | _order(of_moments[0.5], len(asked.gold))


def iou(one: Answer, other: Answer) -> float:
    """0 to 1; 0 where either has no times."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return 0.0
    common = max(0.0, min(one.end, other.end) - max(one.start, other.start))
    together = max(one.end, other.end) - min(one.start, other.start)
    return common / together if together > 0 else 0.0


def estimate(values: Sequence[float], groups: Sequence[str]) -> Estimated:
    """The mean with its 95 % interval by the bootstrap over groups (Efron 1979, percentiles): values of one group, such
    as questions about one video, stay together."""
    _, place = np.unique(np.array(groups), return_inverse=True)
    sums, counts = np.bincount(place, np.array(values, float)), np.bincount(place)
    chance = np.random.default_rng(SEED)
    size = len(counts)
    means = []
    for _ in range(RESAMPLES):
        drawn = chance.integers(0, size, size)
        means.append(sums[drawn].sum() / counts[drawn].sum())
    low, high = np.percentile(means, (2.5, 97.5))
    return Estimated(float(np.mean(values)), float(low), float(high))


def judge_silence(asked: Sequence[Asked], answered: Mapping[str, Answered]) -> Silence | None:
    """None where every question has an answer."""
    with_answer = [answered[one.id] for one in asked if one.gold and one.id in answered]
    without = [answered[one.id] for one in asked if not one.gold and one.id in answered]
    if not without:
        return None
    return Silence(
        answerable=len(with_answer),
        unanswerable=len(without),
        said_of_answerable=float(np.mean([one.nothing for one in with_answer])) if with_answer else 0.0,
        said_of_unanswerable=float(np.mean([one.nothing for one in without])),
        auc=auc(_scores(with_answer), _scores(without)) if with_answer else None,
    )


def auc(higher: NDArray[np.float64], lower: NDArray[np.float64]) -> float:
    """The chance that one of `higher` is above one of `lower`; ties count half (Mann and Whitney 1947)."""
    _, place, counts = np.unique(np.r_[higher, lower], return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    above = middle[place][: len(higher)].sum() - len(higher) * (len(higher) + 1) / 2
    return float(above / (len(higher) * len(lower)))


def _scores(answered: Sequence[Answered]) -> NDArray[np.float64]:
    return np.array([-np.inf if one.score is None else one.score for one in answered])


def _recalls(name: str, hits: Sequence[bool]) -> dict[str, float]:
    return {name.format(k): float(any(hits[:k])) for k in PLACES}


def _order(hits: Sequence[bool], right: int) -> dict[str, float]:
    first = next((place for place, hit in enumerate(hits, 1) if hit), _NOWHERE)
    gain = sum(1 / np.log2(place + 2) for place, hit in enumerate(hits[:10]) if hit)
    ideal = sum(1 / np.log2(place + 2) for place in range(min(right, 10)))
    return {"MRR": 1 / first if first < _NOWHERE else 0.0, "nDCG@10": float(gain / ideal)}


def _credited(gold: Sequence[Answer], ranked: Sequence[Answer], least: float) -> list[bool]:
    left, hits = list(gold), []
    for one in ranked:
        reached = next((right for right in left if right.video == one.video and iou(one, right) >= least), None)
        hits.append(reached is not None)
        if reached is not None:
            left.remove(reached)
    return hits
