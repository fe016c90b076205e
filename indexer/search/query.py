"""What was typed -> a `SearchQuery`. Every text parses; nothing raises."""

import re
from dataclasses import dataclass

from indexer.store import words

MAX_LENGTH = 1000
_PIECES = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query as understood: all of `phrases` must occur, none of `excluded` may, and `text` ranks what is left."""

    text: str  # what is embedded and matched word by word; the phrases' words are in it
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def read_as(self) -> str:
        """The query written back, for people."""
        quoted = self.text
        for phrase in self.phrases:
            quoted = quoted.replace(phrase, f'"{phrase}"', 1)
        return " ".join([quoted, *(f"-{_quote(word)}" for word in self.excluded)]).strip()

    @property
    def content(self) -> tuple[words.Token, ...]:
        """The words to look up, one a stem, without stop words unless nothing else is there."""
        tokens = words.tokens(self.text)
        content = [token for token in tokens if token.word not in words.STOP_WORDS] or tokens
        return tuple({token.stem: token for token in reversed(content)}.values())[::-1]


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
    return SearchQuery(" ".join(text), tuple(phrases), tuple(excluded))


def _clean(typed: str) -> str:
    """Without control characters, one kind of quotation mark, and of a length that cannot tie up a machine."""
    printable = "".join(character if character.isprintable() else " " for character in typed[:MAX_LENGTH])
    return re.sub("[“”„«»]", '"', printable)


def _quote(text: str) -> str:
    return f'"{text}"' if " " in text else text
