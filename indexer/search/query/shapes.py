"""A query as it was understood."""

from dataclasses import dataclass, field, replace
from itertools import chain

from indexer.domain import Filters
from indexer.store import words


@dataclass(frozen=True, slots=True)
class Question:
    """What one search ranks by: all of `phrases` must occur, none of `excluded` may, and `text` ranks what is left.

    Dates stand in `text` as they are stored (`1987-04-12`), however they were typed.
    """

    text: str = ""  # what is embedded and matched word by word; the phrases' words are in it
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()  # words or phrases
    prefixes: tuple[str, ...] = ()  # of words: `sunris` for `sunris*`

    def __bool__(self) -> bool:
        return self != Question()

    @property
    def content(self) -> tuple[words.Token, ...]:
        """The words to look up, one a stem, without stop words unless nothing else is there."""
        tokens = words.tokens(self.text)
        content = [token for token in tokens if token.word not in words.STOP_WORDS] or tokens
        return tuple({token.stem: token for token in reversed(content)}.values())[::-1]

    @property
    def read_as(self) -> str:
        quoted = self.text
        for phrase in self.phrases:
            quoted = quoted.replace(phrase, f'"{phrase}"', 1)
        prefixes = (f"{prefix}*" for prefix in self.prefixes)
        return " ".join(filter(None, [quoted, *prefixes, *(f"-{_quoted(word)}" for word in self.excluded)]))


@dataclass(frozen=True, slots=True)
class Step:
    """`A OR B`: whichever fits better, moment by moment."""

    alternatives: tuple[Question, ...] = (Question(),)
    within_us: int | None = None  # at most so long after the end of the step before

    @property
    def read_as(self) -> str:
        return " OR ".join(filter(None, (question.read_as for question in self.alternatives)))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`A THEN B`: all steps in this order within one video, one step where nothing is said of an order. `filters` were
    typed in the query and hold for every step."""

    steps: tuple[Step, ...] = (Step(),)
    filters: Filters = field(default_factory=Filters)
    typed_filters: tuple[str, ...] = ()  # these as they may be typed again: `camera:pan`

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(chain.from_iterable(step.alternatives for step in self.steps))

    @property
    def read_as(self) -> str:
        """The query written back, for people; it parses to the same."""
        told = self.steps[0].read_as
        for step in self.steps[1:]:
            within = "" if step.within_us is None else f"within {step.within_us / 1e6:g}s "
            told += f" THEN {within}{step.read_as}"
        return " ".join(filter(None, [told, *self.typed_filters]))


def with_texts(query: SearchQuery, texts: dict[str, str]) -> SearchQuery:
    """The query with other words: {text of a question: what to read in its place}."""
    steps = (
        replace(
            step,
            alternatives=tuple(replace(one, text=texts.get(one.text, one.text)) for one in step.alternatives),
        )
        for step in query.steps
    )
    return replace(query, steps=tuple(steps))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
