"""What models put round a caption, taken off: fences, JSON, markdown, and words that only introduce it. Pure.

Precision first: what might be a part of the caption stays. Each pattern is written to pass over the text once, whatever
is in it.
"""

import json
import re
from typing import Final

_KEYS: Final = ("caption", "description", "text")
_QUOTES: Final = {'"': '"', "“": "”", "«": "»"}
_SEEN: Final = r"(?:video|clip|shot|image|picture|footage|scene|frame|sequence)s?"

_FENCE: Final = "```"
_FENCE_OPENED = re.compile(_FENCE + r"[a-zA-Z]*[^\S\n]*\n")
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}|[-*+•>])[ \t]+", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1")
_INTRODUCTIONS = (
    re.compile(r"(?:sure|certainly|of course|absolutely|okay|ok)\s*[!.:]\s+", re.IGNORECASE),
    re.compile(
        r"(?:(?:sure|certainly|of course|absolutely|okay|ok)\s*,\s*)?"
        r"(?:here(?:['’]s| is)|this is|below is)\s+(?:an?|the|your|my)\s[^.:!?\n]{0,40}"
        r"\b(?:caption|description|paragraph|summary)\b[^.:!?\n]{0,60}:\s*",
        re.IGNORECASE,
    ),
    re.compile(r"(?:caption|description|answer)\s*:\s*", re.IGNORECASE),
    re.compile(
        rf"(?:the|this)\s+(?:short\s+)?{_SEEN}(?:\s+{_SEEN})?\s+"
        r"(?:shows|depicts|features|captures|displays|presents|portrays)\s+"
        r"(?=(?:an?|the|one|two|three|four|five|several|many|some|people|men|women)\s)",
        re.IGNORECASE,
    ),
    re.compile(rf"in\s+(?:the|this)\s+(?:short\s+)?{_SEEN}\s*,\s*(?=\w)", re.IGNORECASE),
)


def unwrap(raw: str) -> str:
    """The caption in what a model answered, as it stands there where nothing is round it."""
    text = raw.strip()
    while (inner := _without_layer(text)) != text:
        text = inner
    return text


def _without_layer(text: str) -> str:
    opened = _FENCE_OPENED.match(text)
    if opened and text.endswith(_FENCE):
        return text[opened.end() : -len(_FENCE)].strip()
    if text.startswith(("{", "[")):
        return _of_json(text)
    if len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and not set(text[1:-1]) & {text[0], text[-1]}:
        return text[1:-1].strip()
    text = _BOLD.sub(r"\2", _LINE_MARK.sub("", text)).strip()
    for introduction in _INTRODUCTIONS:
        found = introduction.match(text)
        if found and found.end() < len(text):
            rest = text[found.end() :]
            return rest[0].upper() + rest[1:]
    return text


def _of_json(text: str) -> str:
    """The caption in an object that names it, or in one of a single text."""
    try:
        read: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(read, list) and len(read) == 1:
        read = read[0]
    if isinstance(read, str):
        return read.strip()
    if not isinstance(read, dict):
        return text
    named = [read[key] for key in _KEYS if isinstance(read.get(key), str)]
    texts = named or [value for value in read.values() if isinstance(value, str)]
    return str(texts[0]).strip() if named or len(texts) == len(read) == 1 else text
