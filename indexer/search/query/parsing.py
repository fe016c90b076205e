"""What was typed -> a `SearchQuery`. Every text parses; nothing raises."""

import re

from indexer.search.query.shapes import Question, SearchQuery, Step
from indexer.store import words

MAX_LENGTH = 1000
_PIECES = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


def parse(typed: str) -> SearchQuery:
    """Plain words rank; `"a phrase"` must occur as it stands; `-word` and `-"a phrase"` must not occur."""
    text, phrases, excluded = [], [], []
    for piece in _PIECES.finditer(_clean(typed)):
        content = (piece["phrase"] if piece["phrase"] is not None else piece["word"]).strip(" -")
        if not words.tokens(content):
            continue
        if piece["minus"]:
            excluded.append(content)
            continue
        text.append(content)
        if piece["phrase"] is not None:
            phrases.append(content)
    question = Question(" ".join(text), tuple(phrases), tuple(excluded))
    return SearchQuery((Step((question,)),))


def _clean(typed: str) -> str:
    """Without control characters, one kind of quotation mark, and of a length that cannot tie up a machine."""
    printable = "".join(character if character.isprintable() else " " for character in typed[:MAX_LENGTH])
    return re.sub("[“”„«»]", '"', printable)
