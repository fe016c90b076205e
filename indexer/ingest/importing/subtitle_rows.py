"""Subtitles: SubRip (.srt) and WebVTT (https://www.w3.org/TR/webvtt1/), read as leniently as players do."""

import html
import re
from collections.abc import Iterator

from indexer.ingest.importing.bad_rows import BadRow
from indexer.ingest.importing.rows import Cells

_TIME = r"((?:\d{1,4}:)?\d{1,4}:\d{1,2}(?:[.,]\d{1,9})?)"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}")
_NO_CUES = re.compile(r"\s*(NOTE|STYLE|REGION)(\s.*)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def subtitle_rows(text: str) -> Iterator[tuple[int, Cells] | BadRow]:
    """(line, cells) of every subtitle, at the line of its times. What styles or positions it is left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = 0
    while place < len(lines):
        block, begin = [], place
        while place < len(lines) and lines[place].strip():
            block.append(lines[place])
            place += 1
        place += 1
        if block:
            yield from _of_block(block, first=begin + 1)


def split_language(stem: str) -> tuple[str, str]:
    """(name, language) of a subtitle's name without its suffix: `interview.en` is an `interview` in `en`."""
    name, dot, last = stem.rpartition(".")
    return (name, last) if dot and name and _LANGUAGE.fullmatch(last) else (stem, "")


def _of_block(block: list[str], *, first: int) -> Iterator[tuple[int, Cells] | BadRow]:
    """Subtitles stand in blocks with empty lines between; where these are missing, their times tell them apart."""
    if _NO_CUES.fullmatch(block[0]):
        return
    starts = [number for number, line in enumerate(block) if "-->" in line]
    if not starts:
        if not block[0].lstrip().startswith("WEBVTT"):
            yield BadRow(first, "unreadable", "there are no times here; a subtitle has a line such as 00:01 --> 00:04")
        return
    for number, after in zip(starts, [*starts[1:], len(block)], strict=True):
        times = _TIMES.fullmatch(block[number])
        if times is None:
            message = "its times cannot be read; they look like 00:00:01,000 --> 00:00:04,000"
            yield BadRow(first + number, "bad_time", message)
            continue
        said = block[number + 1 : after]
        if after < len(block) and said and said[-1].strip().isdigit():
            said = said[:-1]  # the number of the next
        yield first + number, {"start": times[1], "end": times[2], "text": _plain(said)}


def _plain(lines: list[str]) -> str:
    return " ".join(html.unescape(_TAG.sub("", line)).strip() for line in lines)
