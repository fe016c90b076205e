"""A file's rows, whatever its format."""

from collections.abc import Iterator
from dataclasses import replace

from indexer.errors import UsageError
from indexer.ingest.importing.bad_rows import BadRow, RowError
from indexer.ingest.importing.csv_rows import csv_rows
from indexer.ingest.importing.json_rows import json_rows
from indexer.ingest.importing.rows import Cells, Defaults, Row, read_row
from indexer.ingest.importing.subtitle_rows import split_language, subtitle_rows
from indexer.ingest.importing.text_files import TextFile


def read_rows(file: TextFile, defaults: Defaults) -> Iterator[Row | BadRow]:
    """Every row, in order. Raises `UsageError` for a table whose header cannot be used."""
    if file.format in ("srt", "vtt"):
        defaults = of_subtitles(file, defaults)
    for one in _cells(file):
        if isinstance(one, BadRow):
            yield one
            continue
        line, cells = one
        try:
            yield read_row(line, cells, defaults)
        except RowError as error:
            yield error.at(line)
        except RecursionError:
            yield BadRow(line, "unreadable", "it is nested too deep")


def of_subtitles(file: TextFile, defaults: Defaults) -> Defaults:
    """Subtitles are what is said in the video that is called as they are."""
    name, language = split_language(file.stem)
    return replace(
        defaults,
        video=defaults.video or name,
        language=defaults.language or language,
        kind="transcript" if defaults.kind == "description" else defaults.kind,
    )


def _cells(file: TextFile) -> Iterator[tuple[int, Cells] | BadRow]:
    match file.format:
        case "jsonl" | "json":
            return json_rows(file.text)
        case "srt" | "vtt":
            return subtitle_rows(file.text)
        case _:
            return _of_table(file)


def _of_table(file: TextFile) -> Iterator[tuple[int, Cells] | BadRow]:
    try:
        yield from csv_rows(file.text, delimiter="\t" if file.format == "tsv" else None)
    except UsageError as error:
        raise UsageError(f"{file.name}: {error}") from None
