"""A query as it was understood."""

from dataclasses import dataclass, field
from itertools import chain

from indexer.domain import Filters
from indexer.search.query.durations import write_duration
from indexer.search.query.pieces import is_name
from indexer.store import words


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a question that stand together, plain or as a phrase."""

    text: str
    phrase: bool


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
        """The words to look up, one a stem, a date as one word; without stop words unless nothing else is there."""
        tokens = words.dated_tokens(self.text)
        content = [token for token in tokens if token.word not in words.STOP_WORDS] or tokens
        return tuple({token.stem: token for token in reversed(content)}.values())[::-1]

    @property
    def parts(self) -> tuple[Part, ...]:
        """`text` cut where its phrases begin and end."""
        parts: list[Part] = []
        plain = self.text.split()
        for phrase in self.phrases:
            wanted = phrase.split()
            places = range(len(plain) - len(wanted) + 1)
            start = next((place for place in places if plain[place : place + len(wanted)] == wanted), None)
            if start is not None:
                parts += [Part(" ".join(plain[:start]), phrase=False), Part(phrase, phrase=True)]
                plain = plain[start + len(wanted) :]
        parts.append(Part(" ".join(plain), phrase=False))
        return tuple(part for part in parts if part.text)

    @property
    def read_as(self) -> str:
        told = (f'"{part.text}"' if part.phrase else part.text for part in self.parts)
        prefixes = (f"{prefix}*" for prefix in self.prefixes)
        excluded = (f'-"{one}"' if " " in one or is_name(one) else f"-{one}" for one in self.excluded)
        return " ".join([*told, *prefixes, *excluded])


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
            within = "" if step.within_us is None else f"within {write_duration(step.within_us)} "
            told += f" THEN {within}{step.read_as}"
        return " ".join(filter(None, [told, *self.typed_filters]))
