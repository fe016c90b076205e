"""Words about results, for people: why a moment matched, how many there are, which words to mark."""

import re
from collections.abc import Sequence

from indexer.domain import Evidence, Hit

_FIELDS = {"caption": "the caption", "title": "the title", "file_name": "the file name"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def literal(text: str) -> str:
    """`text` for a place that reads Markdown, so that it shows as it stands: captions, titles, names are data."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def reasons(evidence: Sequence[Evidence]) -> list[str]:
    """Why a hit was found, one reason each: `words in the caption: camera, left`. What the title says, the file name
    need not say again."""
    in_title = {word.casefold() for one in evidence if one.field == "title" for word in one.words}
    return [_reason(one) for one in evidence if not (one.field == "file_name" and _words(one) <= in_title)]


def marked_words(hit: Hit, *, field: str) -> tuple[str, ...]:
    """The words of `field` that made this a hit."""
    return tuple(word for one in hit.evidence if one.field == field for word in one.words)


def split_at_words(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is one of `words`; the pieces together are the text."""
    if not words:
        return [(text, False)]
    longest_first = sorted({re.escape(word) for word in words}, key=len, reverse=True)
    pieces = re.split(rf"(?<!\w)({'|'.join(longest_first)})(?!\w)", text)
    return [(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece]


def counts(hits: Sequence[Hit]) -> str:
    """`12 moments in 5 videos`."""
    return f"{plural(len(hits), 'moment')} in {plural(len({hit.video for hit in hits}), 'video')}"


def sentence(problem: str) -> str:
    """An error's words, with a capital at the front."""
    return problem[:1].upper() + problem[1:]


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(words: Sequence[str]) -> str:
    """`“a”`, `“a” and “b”`, `“a”, “b” and “c”`."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _words(one: Evidence) -> set[str]:
    return {word.casefold() for word in one.words}


def _reason(one: Evidence) -> str:
    field = _FIELDS.get(one.field, f"the {one.field.replace('_', ' ')}")
    words = f": {', '.join(one.words)}" if one.words else ""
    match one.signal:
        case "words":
            return f"words in {field}{words}"
        case "name":
            return f"name in {field}{words}"
        case "spelling":
            return f"spelt nearly like {field}{words}"
        case "meaning":
            return f"near in meaning ({ordinal(one.rank)})" if one.rank else "near in meaning"
