"""One row of an import: what its columns mean, whatever format it came in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from indexer.ingest.importing.bad_rows import RowError
from indexer.store.edits import LONGEST_AUTHOR, clean
from indexer.store.imports import Kind
from indexer.store.tables import storable

Cells = Mapping[str, object]

COLUMNS = frozenset(
    {
        *("video", "identifier", "title", "start", "end", "text", "tags", "language", "kind", "rate"),
        *("start_timecode", "author", "fields"),
    }
)
"""Columns that mean something here. Every other one is metadata of the video."""
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_BYTES = 1_000_000

_LIFTED = ("identifier", "title", "tags")  # mean the same among `fields`
_TAG_BREAK = re.compile(r"[;,\n]")
_LANGUAGE = 35  # characters of the longest tag of BCP 47 that software must take


@dataclass(frozen=True, slots=True)
class Row:
    """`start`, `end` as they were given: what they mean depends on the video."""

    line: int
    video: str
    identifier: str
    title: str
    start: object
    end: object
    text: str
    tags: tuple[str, ...]
    language: str
    kind: Kind
    rate: str
    start_timecode: str
    author: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the archive calls the video."""
        return self.identifier or self.video

    @property
    def is_timed(self) -> bool:
        return any(value is not None and value != "" for value in (self.start, self.end))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What rows mean that do not say it themselves."""

    author: str
    video: str = ""
    kind: Kind = "description"
    language: str = ""


def column_name(written: str) -> str:
    """`Place of Recording` is `place_of_recording`."""
    return "_".join(clean(storable(written)).lower().split())


def read_row(line: int, cells: Cells, defaults: Defaults) -> Row:
    """Raises `RowError` where it lacks a video, or holds what cannot be entered."""
    stated = {name: text for name, value in cells.items() if name not in COLUMNS and (text := _text(name, value))}
    stated = _nested(cells.get("fields")) | stated
    said = {name: _text(name, cells.get(name)) for name in COLUMNS - {"start", "end", "tags", "fields"}}
    for name in ("identifier", "title"):
        said[name] = said[name] or stated.get(name, "")
    tags = read_tags(cells.get("tags")) or read_tags(stated.get("tags"))
    row = Row(
        line=line,
        video=said["video"] or ("" if said["identifier"] else defaults.video),
        identifier=said["identifier"],
        title=said["title"],
        start=_moment(cells.get("start")),
        end=_moment(cells.get("end")),
        text=said["text"],
        tags=tags,
        language=(said["language"] or defaults.language or "und")[:_LANGUAGE],
        kind=_kind(said["kind"], defaults),
        rate=said["rate"],
        start_timecode=said["start_timecode"],
        author=(said["author"] or defaults.author)[:LONGEST_AUTHOR],
        fields={name: value for name, value in stated.items() if name and name not in _LIFTED},
    )
    if not row.name:
        raise RowError("no_video", "it names no video; give a path, a file name or an identifier in `video`")
    return row


def read_tags(value: object) -> tuple[str, ...]:
    """A list, or words separated by semicolons, commas or line breaks."""
    parts = value if isinstance(value, list) else [value]
    said = [one for part in parts for one in _TAG_BREAK.split(_text("tags", part))]
    return tuple(dict.fromkeys(tag for one in said if (tag := one.strip())))


def _text(name: str, value: object) -> str:
    """On one line, without control characters."""
    match value:
        case None:
            return ""
        case str():
            written = value
        case bool():
            written = str(value).lower()
        case int() | float():
            written = repr(value)
        case list():
            return "; ".join(filter(None, (_text(name, one) for one in value)))
        case _:
            written = json.dumps(value, ensure_ascii=False)
    if len(written) > LONGEST_BYTES // 4 and len(written.encode("utf-8", "replace")) > LONGEST_BYTES:
        raise RowError("too_long", f"`{name}` has more than {LONGEST_BYTES} bytes; is a quotation mark missing?")
    return clean(storable(written))


def _nested(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {column_name(str(name)): said for name, one in value.items() if (said := _text(str(name), one))}
    return {"fields": said} if (said := _text("fields", value)) else {}


def _moment(value: object) -> object:
    return _text("start", value) if isinstance(value, str) else value


def _kind(written: str, defaults: Defaults) -> Kind:
    kind = written.lower().replace("-", "_").replace(" ", "_") or defaults.kind
    if kind not in KINDS:
        raise RowError("unknown_kind", f"{written!r} is no kind of text; use {', '.join(KINDS)}")
    return kind
