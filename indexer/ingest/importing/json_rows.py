"""JSON: an object a line, or one array of objects."""

import json
import re
from collections.abc import Iterator

from indexer.ingest.importing.bad_rows import BadRow
from indexer.ingest.importing.rows import Cells, column_name

_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def json_rows(text: str) -> Iterator[tuple[int, Cells] | BadRow]:
    """(line, cells) of every object."""
    if text.lstrip()[:1] == "[":
        yield from _of_array(text)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _cells(number, json.loads(line))
            except (ValueError, RecursionError) as error:
                yield BadRow(number, "unreadable", f"it is not JSON: {_told(error)}")


def _of_array(text: str) -> Iterator[tuple[int, Cells] | BadRow]:
    place = text.index("[") + 1
    line, counted = 1, 0
    while True:
        between = _BETWEEN.match(text, place)
        assert between is not None  # it matches nothing too
        place = between.end()
        line, counted = line + text.count("\n", counted, place), place
        if text[place : place + 1] in ("]", ""):
            if place == len(text):
                yield BadRow(line, "unreadable", "the array has no end: the file was cut short")
            return
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            yield BadRow(line, "unreadable", f"it is not JSON, and what follows cannot be read: {_told(error)}")
            return
        yield _cells(line, value)


def _cells(line: int, value: object) -> tuple[int, Cells] | BadRow:
    if not isinstance(value, dict):
        return BadRow(line, "unreadable", 'it is not an object such as {"video": ..., "text": ...}')
    return line, {column_name(name): cell for name, cell in value.items()}


def _told(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
