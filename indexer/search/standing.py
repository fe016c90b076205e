"""How strong a search is as a whole, from all that was found, however few of it are shown. No statement is needed."""

from collections.abc import Sequence

from indexer.domain import Strength
from indexer.search.evidence import LIKE_A_NAME
from indexer.search.levels import Levels
from indexer.search.questions import Answer
from indexer.search.showing import strongest


def strength_of_all(answers: Sequence[Answer], levels: Levels) -> Strength:
    """The strength of the best candidate, by its cosine and by whether it holds every word."""
    return strongest(_strength(answer, levels) for answer in answers if answer.lookup is not None)


def is_in_vain(answer: Answer, levels: Levels) -> bool:
    """Whether nothing can match: what the question turns on is found nowhere, or no word of it is and nothing else
    is fair evidence."""
    if answer.wording.asks_for_the_unknown:
        return True
    if answer.wording.knows_a_word or not answer.wording.unknown:
        return False
    spelt_alike = any(one.signals.trigrams >= LIKE_A_NAME for one in answer.found)
    pictured = any("picture" in one.places for one in answer.found)
    near = _by_meaning(answer, levels)
    return not spelt_alike and not pictured and near in ("weak", "none")


def _strength(answer: Answer, levels: Levels) -> Strength:
    if any(one.signals.every_word for one in answer.found):
        return "strong"
    return _by_meaning(answer, levels)


def _by_meaning(answer: Answer, levels: Levels) -> Strength:
    nearest = max((one.signals.cosine for one in answer.found), default=-1.0)
    return levels.strength(nearest, words=len(answer.wording.asked))
