"""The values of a file's tags, as text that can be printed.

Names of tags are FFmpeg's, in small letters: containers differ in their case.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

Tags = Mapping[str, str]

_LONGEST = 500  # characters


def first_value(name: str, places: Iterable[Tags]) -> str | None:
    """The first value of a tag that says anything."""
    return next(tag_values((name,), places), None)


def tag_values(names: Sequence[str], places: Iterable[Tags]) -> Iterator[str]:
    """The values of these tags, likeliest tag first, without what cannot be printed."""
    folded = [{key.lower(): value for key, value in place.items()} for place in places]
    for name in names:
        for place in folded:
            if cleaned := _cleaned(place.get(name, "")):
                yield cleaned


def _cleaned(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:_LONGEST].strip()
