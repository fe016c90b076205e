"""What was typed -> a `SearchQuery`. Every text parses; nothing raises."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from indexer.domain import Filters
from indexer.search.query.pieces import Piece, cut
from indexer.search.query.shapes import Part, Question, SearchQuery, Step
from indexer.search.query.typed_filters import add_filter, exclude_filter, write_filters
from indexer.store import words
from indexer.store.dates import find_dates, read_date

MOST_WORDS = 250  # what comes after them is not read
MOST_EXCLUDED = 30
MOST_QUESTIONS = 10  # each is a search of its own; operators beyond them are not read
LONGEST_WORD = 100
_READINGS = 20
_AROUND_DATES = " ,.;:!?()[]"


def parse(typed: str, fields: frozenset[str] = frozenset()) -> SearchQuery:
    """Read a query; its syntax stands in docs/searching.md.

    `fields` are the facets and fields that the library knows: `place:Lisbon` is a filter where `place` is one of them,
    and plain words elsewhere. A filter with a value that cannot be read is plain words too.

    What `read_as` gives parses to the same query: it is read until that is so, which is at once but for texts made to
    confuse (`April "April" 1987`).
    """
    query = _read(typed, fields)
    for _ in range(_READINGS):
        again = _read(query.read_as, fields)
        if again == query:
            break
        query = again
    return query


def _read(typed: str, fields: frozenset[str]) -> SearchQuery:
    draft = _Draft()
    for piece in cut(typed, fields):
        draft.read(piece)
        if draft.is_full:
            break
    return draft.finished()


@dataclass
class _Alternative:
    parts: list[Part] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.parts or self.prefixes)


@dataclass
class _Step:
    within_us: int | None = None
    alternatives: list[_Alternative] = field(default_factory=lambda: [_Alternative()])
    excluded: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(self.alternatives)

    def finished(self) -> Step:
        """What is excluded is so from every alternative."""
        excluded = tuple(dict.fromkeys(self.excluded))
        found = [one for one in self.alternatives if one] or [_Alternative()]
        return Step(tuple(_question(one, excluded) for one in found), self.within_us)


class _Draft:
    """A query being read, piece after piece."""

    def __init__(self) -> None:
        self.steps = [_Step()]
        self.filters = Filters()
        self._words = self._excluded = 0

    def read(self, piece: Piece) -> None:
        if piece.kind == "filter":
            self._filter(piece)
        elif piece.kind == "then":
            self._then(piece.within_us)
        elif piece.kind == "or":
            if self._has_room and self.steps[-1].alternatives[-1]:
                self.steps[-1].alternatives.append(_Alternative())
        elif content := _content(piece.text):
            self._plain(piece, content)

    def finished(self) -> SearchQuery:
        """A last step that only excludes belongs to the one before: there is nothing to look for in it."""
        if len(self.steps) > 1 and not self.steps[-1]:
            last = self.steps.pop()
            self.steps[-1].excluded += last.excluded
        steps = tuple(step.finished() for step in self.steps)
        return SearchQuery(steps, self.filters, write_filters(self.filters))

    @property
    def is_full(self) -> bool:
        return self._words > MOST_WORDS

    @property
    def _has_room(self) -> bool:
        return sum(len(step.alternatives) for step in self.steps) < MOST_QUESTIONS

    def _then(self, within_us: int | None) -> None:
        if self.steps[-1] and self._has_room:
            self.steps.append(_Step(within_us))
        elif len(self.steps) > 1 and not self.steps[-1]:
            self.steps[-1].within_us = within_us

    def _filter(self, piece: Piece) -> None:
        change = exclude_filter if piece.excluded else add_filter
        filters = change(self.filters, piece.name, value=piece.text)
        if filters is not None:
            self.filters = filters
        else:
            said = [piece.key, *(word for word in piece.text.split() if words.tokens(word))]
            self._plain(Piece("word", excluded=piece.excluded), _content(" ".join(said)))

    def _plain(self, piece: Piece, content: str) -> None:
        step, size = self.steps[-1], len(content.split())
        if piece.excluded:
            self._excluded += size
            if self._excluded <= MOST_EXCLUDED:
                step.excluded.append(content)
            return
        self._words += size
        if self.is_full:
            return
        if piece.kind == "prefix":
            step.alternatives[-1].prefixes.append(words.fold(content).rstrip("*"))
        else:
            step.alternatives[-1].parts.append(Part(content, phrase=piece.kind == "phrase"))


def _content(text: str) -> str:
    """With single spaces, and "" where no word is in it."""
    cut_short = (word[:LONGEST_WORD] for word in text.split())
    content = " ".join(cut_short).strip(" -")
    return content if words.tokens(content) else ""


def _question(alternative: _Alternative, excluded: tuple[str, ...]) -> Question:
    parts = list(_with_dates(alternative.parts))
    return Question(
        text=" ".join(part.text for part in parts),
        phrases=tuple(part.text for part in parts if part.phrase),
        excluded=excluded,
        prefixes=tuple(dict.fromkeys(alternative.prefixes)),
    )


def _with_dates(parts: Iterable[Part]) -> Iterator[Part]:
    """Plain words that stand together as one part, and the dates in them, and those in quotes, as they are stored."""
    for phrase, some in groupby(parts, key=lambda part: part.phrase):
        if phrase:
            yield from (Part(read_date(part.text) or part.text, phrase=True) for part in some)
        else:
            yield Part(as_stored(" ".join(part.text for part in some)), phrase=False)


def as_stored(text: str) -> str:
    """`text` with its dates as ISO 8601 has them, those that stand by themselves: `VID_19870412.mp4` stays."""
    for one in reversed(find_dates(text)):
        before, after = text[: one.start], text[one.end :]
        if before[-1:] in _AROUND_DATES and after[:1] in _AROUND_DATES:  # "" too
            text = before + one.iso + after
    return text
