"""`shotlist failures`: what could not be done, and why."""

from collections.abc import Iterator
from itertools import groupby

import click
from rich.console import Console
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import failure_line, print_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings
from indexer.domain import FailedUnit
from indexer.library import Library
from indexer.settings import Settings

_PAGE = 1000


@click.command("failures")
@as_json
@pass_settings
def command(json: bool, settings: Settings) -> int:
    """List what could not be done, by reason, with what to do about it."""
    library = open_library(settings)
    if json:
        for unit in _all(library):
            print_line(failure_line(unit))
        return 0
    console = Console(highlight=False)
    totals = {(count.state, count.reason): count.units for count in library.work.status().failures}
    if not totals:
        console.print("Nothing failed.")
        return 0
    for (state, reason), units in groupby(_all(library), key=lambda unit: (unit.state, unit.reason)):
        listed = list(units)
        heading = f"{state}: {printable(reason)}"
        console.print(Text.assemble((heading, "bold"), f"  {totals.get((state, reason), len(listed))}"), soft_wrap=True)
        for unit in listed:
            console.print(_line(unit), soft_wrap=True)
    console.print(Text("Once the cause is mended, try again with: shotlist retry (--refused for refused ones)", "dim"))
    return 0


def _all(library: Library) -> Iterator[FailedUnit]:
    offset = 0
    while page := library.work.failures(limit=_PAGE, offset=offset):
        yield from page
        offset += len(page)


def _line(unit: FailedUnit) -> Text:
    name = printable(unit.path if unit.path is not None else unit.title)
    return Text.assemble((f"  {unit.unit:>6} ", "cyan"), name, (f"  {unit.stage}: {printable(unit.message)}", "dim"))
