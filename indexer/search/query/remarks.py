"""What in a query is read otherwise than whoever typed it may have meant."""

import re
from collections.abc import Iterator
from itertools import islice

from indexer.domain import Filters
from indexer.search.query.pieces import Piece, cut
from indexer.search.query.typed_filters import add_filter

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
_OPERATORS = ("or", "then")


def remark_on(typed: str) -> tuple[str, ...]:
    """Sentences without a capital and full stop, the first few of them: of filters whose value cannot be read, of
    beginnings of words that are too short, of brackets around operators."""
    return tuple(islice(dict.fromkeys(_remarks(list(cut(typed, frozenset())))), MOST_REMARKS))


def _remarks(pieces: list[Piece]) -> Iterator[str]:
    for piece in pieces:
        if piece.kind == "filter" and piece.name in _TAKES:
            if piece.excluded:
                yield f"-{piece.key}: is read as words; only what was measured or stated can be left out by its name"
            elif add_filter(Filters(), piece.name, value=piece.text) is None:
                yield f"{piece.key}: takes {_TAKES[piece.name]}; {_short(piece.text)!r} is read as words"
        elif piece.kind == "word" and _SHORT_PREFIX.fullmatch(piece.text):
            yield f"{piece.text} is read as a word; the beginning of a word needs three letters before its *"
    plain = [piece.text for piece in pieces if piece.kind == "word"]
    bracketed = any(text.startswith("(") for text in plain) and any(text.endswith(")") for text in plain)
    if bracketed and any(piece.kind in _OPERATORS for piece in pieces):
        yield "brackets do not group; OR and THEN hold for all words up to the next of them"


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"
