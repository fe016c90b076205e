"""What was typed, cut into words, phrases, filters and operators."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from indexer.search.query.durations import DURATION, read_duration
from indexer.search.query.typed_filters import filter_name

MOST_CHARACTERS = 100_000  # more than the longest query reads back as, which is bounded in words
MOST_PIECES = 2000  # likewise

Kind = Literal["word", "phrase", "prefix", "filter", "or", "then"]

_NEGATION = r"(?P<minus>(?<!\S)-)?"
_PLAIN = re.compile(_NEGATION + r'(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_FILTER = re.compile(_NEGATION + r'(?P<key>\w[\w-]*):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s":][^\s"]*))')
_WITHIN = re.compile(rf"\s+within\s+(?P<duration>{DURATION})(?!\S)", re.IGNORECASE)
_PREFIX = re.compile(r"([^\W_]{3,})\*+")
_QUOTES = re.compile("[“”„‟«»＂]")
_OPERATORS: dict[str, Literal["or", "then", "and", "not"]] = {
    "OR": "or",
    "|": "or",
    "THEN": "then",
    "AND": "and",
    "NOT": "not",
}
_BEGUN_NUMBER = re.compile(r"(?P<known>[^\W_][^*]*)[-_./](?P<begun>[^\W_]{3,}\*+)")  # `BT-043*`
_NAME = re.compile(r"-(?=[^\s\"]*\d|[^\s\"][^\s\"]*[A-Z])[^\s\"]+")


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str = ""  # without quotation marks; of a filter its value
    excluded: bool = False
    key: str = ""  # of a filter, as typed
    name: str = ""  # and as the library knows it
    within_us: int | None = None  # of THEN


def cut(typed: str, fields: frozenset[str]) -> Iterator[Piece]:
    """The pieces in order. `fields` are the names that a library knows; `key:` of any other is a word."""
    return islice(_pieces(_clean(typed), fields), MOST_PIECES)


def is_name(word: str) -> bool:
    """Whether a word that stands behind a dash and alone is a name, `-NgpK_zSYeg`, and not left out: it has a digit, or
    capitals after its first letter."""
    return bool(_NAME.fullmatch(f"-{word}"))


def _pieces(text: str, fields: frozenset[str]) -> Iterator[Piece]:
    place, negated = 0, False
    lone = bool(_NAME.fullmatch(text.strip()))
    while match := _PLAIN.search(text, place):
        of_filter = _FILTER.match(text, match.start())
        name = filter_name(of_filter["key"], fields) if of_filter else None
        if of_filter and name is not None:
            place = of_filter.end()
            value = of_filter["quoted"] if of_filter["quoted"] is not None else of_filter["bare"]
            excluded = negated or bool(of_filter["minus"])
            negated = False
            yield Piece("filter", value, excluded=excluded, key=of_filter["key"], name=name)
            continue
        place = match.end()
        operator = None if match["minus"] else _OPERATORS.get(match["word"] or "")
        if operator == "then":
            within = _WITHIN.match(text, place)
            duration = read_duration(within["duration"]) if within else None
            place = within.end() if within and duration is not None else place
            yield Piece("then", within_us=duration)
        elif operator == "or":
            yield Piece("or")
        elif operator is None:
            yield from _plain(match, excluded=not lone and (negated or bool(match["minus"])))
        negated = operator == "not"


def _plain(match: re.Match[str], *, excluded: bool) -> Iterator[Piece]:
    if match["phrase"] is not None:
        yield Piece("phrase", match["phrase"], excluded=excluded)
    elif excluded:
        yield Piece("word", match["word"], excluded=True)
    elif begun := _BEGUN_NUMBER.fullmatch(match["word"]):
        yield Piece("word", begun["known"])
        yield Piece("prefix", begun["begun"])
    else:
        yield Piece("prefix" if _PREFIX.fullmatch(match["word"]) else "word", match["word"])


def _clean(typed: str) -> str:
    """Without what cannot be printed, and with one kind of quotation mark."""
    printable = "".join(character if character.isprintable() else " " for character in typed[:MOST_CHARACTERS])
    return _QUOTES.sub('"', printable)
