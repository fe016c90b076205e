"""Does the search say that nothing matches, where nothing does, and only there?"""

from collections.abc import Mapping, Sequence

from benchmarks.search_quality import judge
from benchmarks.search_quality.kept import Line
from benchmarks.search_quality.program import STRENGTHS

ANSWERABLE = "answerable"


def tell_kinds(kinds: Mapping[str, Sequence[Line]]) -> dict[str, dict[str, float]]:
    """Of each kind the questions, the percentage to which nothing is said to match, that to which nothing or only weak
    hits are, and how well strength and score tell it from the answerable (area under the ROC curve)."""
    return {kind: _tell(some, kinds[ANSWERABLE]) for kind, some in kinds.items()}


def _tell(some: Sequence[Line], answerable: Sequence[Line]) -> dict[str, float]:
    told: dict[str, float] = {"queries": len(some)}
    for name, strengths in (("nothing", STRENGTHS[:1]), ("nothing or weak", STRENGTHS[:2])):
        told[name] = 100 * sum(one["strength"] in strengths for one in some) / len(some)
    if some is not answerable:
        told["area by strength"] = judge.area(_strengths(answerable), _strengths(some))
        told["area by score"] = judge.area(_scores(answerable), _scores(some))
    return told


def _strengths(lines: Sequence[Line]) -> list[float]:
    return [STRENGTHS.index(one["strength"]) for one in lines]


def _scores(lines: Sequence[Line]) -> list[float]:
    """Of the first hits; where there is none, below all."""
    return [float("-inf") if one["score"] is None else one["score"] for one in lines]
