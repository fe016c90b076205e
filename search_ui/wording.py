"""Words about results, for people: why a moment matched, how many there are, which words to mark."""

import re
from collections.abc import Iterator, Sequence

from indexer.domain import Evidence, Hit, Listing, Strength

OWN_FIELDS = ("caption", "description")
"""Fields whose text is the moment's own, the one that its card shows."""

_LINES = ("transcript", "screen_text")
_FIELDS = {"screen_text": "picture's text"}
_FILTER = re.compile(r"(?<!\S)(-?)([^\s:\"]+):(?:\"([^\"]*)\"|(\S+))$")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def literal(text: str) -> str:
    """`text` for a place that reads Markdown, so that it shows as it stands: captions, titles, names are data."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def reasons(evidence: Sequence[Evidence], *, strength: Strength = "none") -> list[str]:
    """Why a hit was found, one reason each: `camera, left in the caption`. Fields that hold the same words are named
    together. What the title says, the file name need not say again; what is quoted says so itself; and in a hit of some
    `strength` that words or names carry, weak nearness says nothing."""
    in_title = {word.casefold() for one in evidence if one.field == "title" for word in one.words}
    seen = quoted(evidence)
    carried = strength in ("strong", "fair") and any(one.signal in ("words", "name") for one in evidence)
    told = [
        one
        for one in evidence
        if one not in seen
        and not (one.field == "file_name" and _words(one) <= in_title)
        and not (carried and one.signal == "meaning" and one.strength in ("weak", "none"))
    ]
    of_words = [one for one in told if one.signal in ("words", "name") and one.words]
    others = [one for one in told if one not in of_words]
    return list(dict.fromkeys([*_word_reasons(of_words), *map(_reason, others)]))


def quoted(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What is shown beside the moment's own text, for what was looked for stands there: what was said or read."""
    return [one for one in evidence if one.text and one.field in _LINES]


def marked(text: str, evidence: Sequence[Evidence], *, fields: Sequence[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is what was found in these fields; the pieces together are the text."""
    found = [one for one in evidence if one.field in fields]
    spans = [span for one in found for span in one.spans]
    if spans:
        return split_at_spans(text, spans)
    return split_at_words(text, [word for one in found for word in one.words])


def split_at_spans(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it lies in a span; spans may overlap, touch, and reach beyond the text."""
    pieces, reached = [], 0
    for start, end in sorted(spans):
        start, end = max(start, reached), min(end, len(text))
        if start < end:
            pieces += [(text[reached:start], False), (text[start:end], True)]
            reached = end
    return [piece for piece in [*pieces, (text[reached:], False)] if piece[0]] or [(text, False)]


def split_at_words(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is one of `words`; the pieces together are the text."""
    if not words:
        return [(text, False)]
    longest_first = sorted({re.escape(word) for word in words}, key=len, reverse=True)
    pieces = re.split(rf"(?<!\w)({'|'.join(longest_first)})(?!\w)", text)
    return [(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece]


def counts(hits: Sequence[Hit], *, of: Listing = "moments") -> str:
    """`12 moments in 5 videos`, or `5 videos` where one hit stands for each."""
    videos = plural(len({hit.video for hit in hits}), "video")
    return videos if of == "videos" else f"{plural(len(hits), 'moment')} in {videos}"


def filter_words(typed: str) -> str:
    """A filter as it was typed, as words: `camera: pan left`, `not camera: pan left`."""
    found = _FILTER.match(typed)
    if not found:
        return typed
    minus, name, phrase, word = found.groups()
    return f"{'not ' if minus else ''}{name.replace('_', ' ')}: {phrase if phrase is not None else word}"


def sentence(problem: str) -> str:
    """An error's words, with a capital at the front."""
    return problem[:1].upper() + problem[1:]


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(words: Sequence[str]) -> str:
    """`“a”`, `“a” and “b”`, `“a”, “b” and “c”`."""
    return _together([f"“{word}”" for word in words])


def ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _words(one: Evidence) -> set[str]:
    return {word.casefold() for word in one.words}


def _word_reasons(evidence: Sequence[Evidence]) -> Iterator[str]:
    fields: dict[tuple[str, ...], list[Evidence]] = {}
    for one in evidence:
        fields.setdefault(tuple(sorted(_words(one))), []).append(one)
    for same in fields.values():
        yield f"{', '.join(same[0].words)} in the {_together(list(dict.fromkeys(map(_field, same))))}"


def _field(one: Evidence) -> str:
    return _FIELDS.get(one.field, one.field.replace("_", " "))


def _together(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _reason(one: Evidence) -> str:
    near = "far" if one.strength == "none" else one.strength or "near"
    place = f" ({ordinal(one.rank)})" if one.rank else ""
    words = f": {', '.join(one.words)}" if one.words else ""
    match one.signal:
        case "meaning":
            return f"{near} in meaning{place}"
        case "picture":
            return f"{near} in the picture{place}"
        case "spelling":
            return f"spelt nearly like the {_field(one)}"
        case "facet":
            return f"{_field(one)}{words}"
        case _:
            return f"in the {_field(one)}"
