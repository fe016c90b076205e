"""`shotlist history`: what people did to the texts of a segment."""

from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings, talk
from indexer.domain import SegmentId
from indexer.settings import Settings


@click.command("history")
@click.argument("segment")
@as_json
@pass_settings
def command(segment: str, json: bool, settings: Settings) -> int:
    """List what people wrote and rejected on SEGMENT, oldest first, and what of it was undone."""
    found = open_library(settings).texts.history(SegmentId(segment))
    if json:
        for edit in found:
            print_line({"segment": segment, **asdict(edit)})
        return 0
    if not found:
        talk("Nobody has edited this segment.")
    table = Table.grid(padding=(0, 2, 0, 0))
    for edit in found:
        undone = f"undone {edit.undone_at} by {printable(edit.undone_by or '')}" if edit.undone_at else ""
        text = Text(printable(edit.text), "dim strike" if edit.undone_at else "", overflow="fold")
        table.add_row(edit.at, printable(edit.author), edit.action, text, Text(undone, "dim"))
    Console(highlight=False).print(table)
    return 0
