"""Tables of text: comma, semicolon, tab or bar between the cells, a header first."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.errors import UsageError
from indexer.ingest.importing.bad_rows import BadRow
from indexer.ingest.importing.rows import COLUMNS, Cells, column_name

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1 << 24


def csv_rows(text: str, *, delimiter: str | None = None) -> Iterator[tuple[int, Cells] | BadRow]:
    """(line, cells) of every row. Raises `UsageError` for a header that cannot be used."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = list(io.StringIO(text, newline=""))  # ends of lines inside cells stay as they are
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if first == len(lines):
        return
    delimiter = delimiter or _delimiter_of(lines[first])
    reader = _reader(lines, first, delimiter)
    try:
        header = _header(next(reader))
    except csv.Error as error:
        raise UsageError(f"its first line cannot be read as names of columns: {error}") from None
    for line, cells in _rows(lines, first + reader.line_num, delimiter):
        if isinstance(cells, BadRow):
            yield cells
        elif len(cells) != len(header):
            yield BadRow(line, "wrong_columns", f"it has {len(cells)} columns, and the first line names {len(header)}")
        else:
            yield line, dict(zip(header, cells, strict=True))


def _rows(lines: Sequence[str], begin: int, delimiter: str) -> Iterator[tuple[int, list[str] | BadRow]]:
    """(line, cells) of every row that is not empty. Where one cannot be read, reading goes on with the line after its
    first: a quotation mark that is never closed takes no other row with it."""
    reader = _reader(lines, begin, delimiter)
    while True:
        line = begin + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = begin + reader.line_num
            span = f" (it was taken to go on to line {last}; line {line + 2} is read as a row of its own)"
            message = f"{error}: is a quotation mark missing, or one too many?{span if last > line + 1 else ''}"
            yield line + 1, BadRow(line + 1, "unreadable", message)
            begin = line + 1
            reader = _reader(lines, begin, delimiter)
            continue
        if any(cell.strip() for cell in cells):
            yield line + 1, cells


def _reader(lines: Sequence[str], begin: int, delimiter: str) -> "Reader":
    return csv.reader(map(lines.__getitem__, range(begin, len(lines))), delimiter=delimiter, strict=True)


def _delimiter_of(header: str) -> str:
    """That by which the header falls into most columns we know, then into most columns."""

    def fit(delimiter: str) -> tuple[int, int]:
        cells = header.strip("\r\n").split(delimiter)
        return sum(column_name(cell.strip('"')) in COLUMNS for cell in cells), len(cells)

    return max(_DELIMITERS, key=fit)


def _header(cells: Sequence[str]) -> list[str]:
    names = [column_name(cell) or f"column_{number}" for number, cell in enumerate(cells, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise UsageError(f"two columns are called {twice[0]!r}; rename one of them")
    return names
