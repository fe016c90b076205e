"""`shotlist import`: what is written already, in."""

import json as jsons
from pathlib import Path
from typing import Literal

import click

from indexer.bootstrap import open_importer
from indexer.cli.json_lines import VERSION
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, EXIT_INTERRUPTED, as_json, pass_settings, stops_on_terminate, talk
from indexer.cli.show_import import watching
from indexer.errors import ShotlistError
from indexer.ingest.importing.importer import ImportRequest
from indexer.ingest.importing.report import ImportReport
from indexer.ingest.importing.rows import KINDS
from indexer.ingest.importing.text_files import FORMATS, Format
from indexer.settings import Settings
from indexer.store.imports import Kind

_TOLD = 20  # bad rows for people; programs get all


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Of files whose names do not tell.")
@click.option("--video", default="", metavar="NAME", help="What rows are about that name no video.")
@click.option("--kind", type=click.Choice(KINDS), default="description", help="What rows are that do not say.")
@click.option("--author", default="", metavar="NAME", help="Who wrote it. [default: import FILE]")
@click.option("--language", default="", metavar="CODE", help="What it is written in, where rows do not say: en, de.")
@click.option("--strict", is_flag=True, help="Enter nothing of a file with a bad row.")
@click.option("--check", is_flag=True, help="Only say what would be bad; enter nothing.")
@as_json
@pass_settings
def command(  # noqa: PLR0913 (one a parameter of the command)
    files: tuple[Path, ...],
    format_: Format | None,
    video: str,
    kind: Kind,
    author: str,
    language: str,
    strict: bool,
    check: bool,
    json: bool,
    settings: Settings,
) -> int:
    """Take over descriptions, subtitles and metadata: JSON lines, CSV, .srt, .vtt; `-` is standard input.

    Rows that make no sense are listed with their lines, and the others enter. The same file again enters nothing; after
    a correction, only what was corrected.
    """
    mode: Literal["good", "all", "check"] = "check" if check else "all" if strict else "good"
    importer = open_importer(settings, purpose="check" if check else "write")
    tell = _print_json if json else _tell
    bad = entered = 0
    try:
        with stops_on_terminate(), watching() as watch:
            try:
                for path in files:
                    request = ImportRequest(path, format_, video, kind, author, language, mode)
                    report = importer.read(request, tell=watch)
                    tell(report)
                    bad += len(report.bad)
                    entered += report.entered
            except ShotlistError:
                if entered:  # by the files before: what is in is found by its meaning too
                    importer.finish(tell=watch)
                raise
            if not check:
                importer.finish(tell=watch)
    except KeyboardInterrupt:
        talk("Stopped. What was entered stays; the same command goes on where this one stopped.")
        return EXIT_INTERRUPTED
    return EXIT_ERROR if bad else 0


def report_line(report: ImportReport) -> dict[str, object]:
    return {
        "v": VERSION,
        "file": report.file,
        "rows": report.rows,
        "entered": report.entered,
        "unchanged": report.unchanged,
        "left_out": report.left_out,
        "videos_made": report.made,
        "videos_matched": report.matched,
        "bad": [{"line": one.line, "reason": one.reason, "message": one.message} for one in report.bad],
        "notes": list(report.notes),
    }


def _print_json(report: ImportReport) -> None:
    click.echo(jsons.dumps(report_line(report), ensure_ascii=False))


def _tell(report: ImportReport) -> None:
    said = [f"{report.entered} entered", f"{report.unchanged} already there"]
    if report.left_out:
        said = [f"{report.left_out} good, nothing entered"]
    talk(
        f"{printable(report.file)}: rows: {report.rows}, {', '.join(said)}, {len(report.bad)} bad; "
        f"videos: {report.made} not known before, {report.matched} known."
    )
    for note in report.notes:
        talk(f"  {note}")
    for one in report.bad[:_TOLD]:
        talk(f"  line {one.line}: {one.message} [{one.reason}]")
    if len(report.bad) > _TOLD:
        talk(f"  and {len(report.bad) - _TOLD} more bad rows; --json lists them all")
