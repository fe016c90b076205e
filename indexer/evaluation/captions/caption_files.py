"""Reads files of captions; which format one has is told by what stands in it, never by its name."""

import gzip
import zlib
from pathlib import Path

import msgspec

from indexer.domain import path_text
from indexer.errors import UsageError
from indexer.evaluation.captions import json_formats, text_formats
from indexer.evaluation.captions.lines import CaptionFile, Line

FORMATS = "MSR-VTT, MSVD, ActivityNet Captions, VATEX, COCO, JSON (lines) or CSV; docs/evaluation.md shows each"


def read_captions(path: Path) -> CaptionFile:
    """The captions of a file, gzipped or not. Raises `UsageError` where it cannot be read, or is of no known format."""
    try:
        return _without_blanks(_recognised(_content(path)))
    except OSError as error:
        raise UsageError(f"the captions in {path_text(path)} cannot be read: {error.strerror or error}") from None
    except (msgspec.MsgspecError, ValueError, KeyError, EOFError, zlib.error, UsageError) as error:
        raise UsageError(f"{path_text(path)} is not a file of captions ({error}); give {FORMATS}") from None


def _content(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith(b"\x1f\x8b"):
        raw = gzip.decompress(raw)
    if raw.startswith(b"PK\x03\x04"):
        raise UsageError("it is a zip archive: unpack it first")
    if raw.startswith(b"\x80"):
        raise UsageError("it is a pickle, which can run code: save its captions as JSON or CSV")
    return raw.decode("utf-8-sig")


def _recognised(content: str) -> CaptionFile:
    if not content.lstrip().startswith(("{", "[")):
        return text_formats.read(content)
    return json_formats.read(_decoded(content))


def _decoded(content: str) -> object:
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].rstrip().endswith("}"):
            raise
        return [msgspec.json.decode(line) for line in lines]


def _without_blanks(found: CaptionFile) -> CaptionFile:
    """Each caption on one line, for the outside programs take a line each. An empty one stays: as a candidate it counts
    as one that says nothing."""
    lines = tuple(Line(one.video, " ".join(one.text.split()), one.span, one.also) for one in found.lines)
    if not lines:
        raise UsageError("there is no caption in what was read" + "".join(f": {what}" for what in found.left_out))
    return CaptionFile(found.format, lines, found.left_out)
