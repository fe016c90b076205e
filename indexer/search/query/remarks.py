"""What in a query is read otherwise than whoever typed it may have meant."""

import re
from collections.abc import Iterator
from itertools import islice

from indexer.domain import Filters
from indexer.search.query.parsing import MOST_QUESTIONS, MOST_WORDS
from indexer.search.query.pieces import Piece, cut
from indexer.search.query.typed_filters import add_filter, filter_name

MOST_REMARKS = 5

_TAKES = {
    "in": "the name or path of a folder, such as in:harbour",
    "after": "a date such as 1987, 1987-04 or 1987-04-12",
    "before": "a date such as 1987, 1987-04 or 1987-04-12",
    "on": "a date such as 1987, 1987-04 or 1987-04-12",
    "longer": "a length of time such as 30s or 2m",
    "shorter": "a length of time such as 30s or 2m",
    "by": "human or machine",
    "has": "caption, description, speech or text",
}
_SHORT_PREFIX = re.compile(r"[^\W_]{1,2}\*+")
_LIKE_A_FILTER = re.compile(r"-?(?P<key>[^\W\d_][\w-]{2,}):(?=[^\W_])\S+")
_OPERATORS = ("or", "then")


def remark_on(typed: str, fields: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Sentences, the first few of them: of filters whose value cannot be read or whose name is none of `fields`, of
    beginnings of words that are too short, of brackets around operators, of what is too long to be read."""
    return tuple(islice(dict.fromkeys(_remarks(list(cut(typed, fields)), fields)), MOST_REMARKS))


def quoted(text: str) -> str:
    """In quotation marks; of a long one its beginning."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= 40 else f'{line[:40]}…'}”"


def _remarks(pieces: list[Piece], fields: frozenset[str]) -> Iterator[str]:
    for piece in pieces:
        if piece.kind == "filter":
            yield from _of_filter(piece)
        elif piece.kind == "word":
            yield from _of_word(piece.text, fields)
    plain = [piece.text for piece in pieces if piece.kind == "word"]
    operators = [piece.kind for piece in pieces if piece.kind in _OPERATORS]
    bracketed = any(text.startswith("(") for text in plain) and any(text.endswith(")") for text in plain)
    if bracketed and operators:
        yield "Brackets do not group: OR and THEN hold for all words up to the next of them."
    if sum(len(piece.text.split()) for piece in pieces if not piece.excluded and piece.kind != "filter") > MOST_WORDS:
        yield f"Only the first {MOST_WORDS} words are read."
    if len(operators) >= MOST_QUESTIONS:
        yield f"No more than {MOST_QUESTIONS} parts are read of what OR and THEN take apart."


def _of_filter(piece: Piece) -> Iterator[str]:
    takes = _TAKES.get(piece.name)
    if takes is None:
        return
    if piece.excluded:
        yield f"“-{piece.key}:” is read as words: only what was measured or stated can be left out by its name."
    elif add_filter(Filters(), piece.name, value=piece.text) is None:
        yield f"“{piece.key}:” takes {takes}; {quoted(piece.text)} is read as words."


def _of_word(text: str, fields: frozenset[str]) -> Iterator[str]:
    if _SHORT_PREFIX.fullmatch(text):
        yield f"{quoted(text)} is read as a word: the beginning of a word needs three letters before its *."
    like = _LIKE_A_FILTER.fullmatch(text)
    if like and filter_name(like["key"], fields) is None:
        yield f"{quoted(like['key'])} is no filter and no field of this library; {quoted(text)} is read as words."
