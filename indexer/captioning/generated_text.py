"""What a model wrote is data: cleaned, bounded, judged, and checked for loops. Pure.

draft = draft_of(answer)
if find_loop(draft.text) is not None:
    draft = without_loop(draft_of(answer written with other settings))
"""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from indexer.captioning.refusals import is_refusal
from indexer.captioning.unwrapping import unwrap
from indexer.domain import CaptionDraft, CaptionProblem, TokenCost

LONGEST: Final = 1200  # characters
LONGEST_ANSWER: Final = 4 * LONGEST  # without thinking: room for what is round a caption; no more is read

_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_MARKERS = re.compile(r"<\|[^<>|]{1,40}\|>|<end_of_utterance>|</?s>")
_WORD = re.compile(r"\S+")
_MANY_REPEATS: Final = ((2, 5), (8, 3))  # phrases of up to so many words, said so many times in a row
_FEW_WORDS: Final = 32  # below this nothing is called monotonous
_DISTINCT_SHARE: Final = 0.5  # share of distinct four-word phrases in a text that goes on


def draft_of(raw: str, cost: TokenCost | None = None) -> CaptionDraft:
    """The caption in what a model answered: a clean text, or a problem, `empty` or `refusal`, and no text.

    A text that repeats itself is left as it is: whoever wrote it may try again, see `without_loop`.
    """
    text = clean_text(unwrap(_spoken(raw)[:LONGEST_ANSWER]))
    problem: CaptionProblem | None = None
    if not any(mark.isalnum() for mark in text):
        problem = "empty"
    elif is_refusal(text):
        problem = "refusal"
    return CaptionDraft("" if problem else text, problem=problem, cost=cost)


def without_loop(draft: CaptionDraft) -> CaptionDraft:
    """What was said before the text began to repeat itself, where that is at least a sentence; else problem `loop`."""
    if find_loop(draft.text) is None:
        return draft
    kept = before_loop(draft.text)
    if kept.endswith((".", "!", "?")):
        return replace(draft, text=kept)
    return replace(draft, text="", facets=(), problem="loop")


def clean_text(raw: str) -> str:
    """One line without control, format or private characters, chat markers or thinking; at most `LONGEST` long."""
    text = _spoken(raw)
    text = "".join(" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in text)
    return _shorten(" ".join(text.split()))


def find_loop(text: str) -> int | None:
    """The character at which `text` begins to repeat itself, None where it does not.

    A loop is a phrase said over and over without a break, or a long text of few distinct four-word phrases.
    """
    spans = [match.span() for match in _WORD.finditer(text)]
    words = [text[start:end].casefold().strip(".,;:!?\"'") for start, end in spans]
    for longest, times in _MANY_REPEATS:
        repeat = _repeated_phrase(words, longest, times)
        if repeat is not None:
            return spans[repeat][0]
    if len(words) < _FEW_WORDS:
        return None
    phrases = [tuple(words[at : at + 4]) for at in range(len(words) - 3)]
    if len(set(phrases)) >= _DISTINCT_SHARE * len(phrases):
        return None
    seen: set[tuple[str, ...]] = set()
    for at, phrase in enumerate(phrases):
        if phrase in seen:
            return spans[at][0]
        seen.add(phrase)
    return None


def before_loop(text: str) -> str:
    """What was said before the text began to repeat itself: whole sentences where there are any."""
    start = find_loop(text)
    if start is None:
        return text
    kept = text[:start].rstrip(" ,;:")
    end = max(kept.rfind(mark) for mark in ".!?")
    return kept[: end + 1] if end > 0 else kept


def _spoken(raw: str) -> str:
    """Without chat markers and thinking. Some servers send the end of thinking only."""
    return _MARKERS.sub(" ", _THINKING.sub(" ", raw).rpartition("</think>")[2])


def _repeated_phrase(words: list[str], longest: int, times: int) -> int | None:
    """Index of the first word of the second telling of a phrase told `times` times in a row."""
    for length in range(1 if longest < 3 else 3, longest + 1):
        run = 0
        for at in range(length, len(words)):
            run = run + 1 if words[at] == words[at - length] else 0
            if run >= length * (times - 1):
                return at - run + 1
    return None


def _shorten(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    kept = text[:LONGEST]
    sentence = max(kept.rfind(mark) for mark in (". ", "! ", "? "))
    if sentence > LONGEST // 2:
        return kept[: sentence + 1]
    return kept[: kept.rfind(" ")] if " " in kept else kept
