"""`shotlist status`: how much there is, and what made it."""

import click

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line, status_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings
from indexer.settings import Settings
from indexer.timecode import short_duration


@click.command("status")
@as_json
@pass_settings
def command(json: bool, settings: Settings) -> int:
    """Say what the library holds."""
    library = open_library(settings)
    status = library.status()
    if json:
        print_line(status_line(status))
        return 0
    click.echo(f"library     {printable(library.folder.root)}")
    length = short_duration(status.duration_us)
    click.echo(f"videos      {status.videos} ({length}), {status.incomplete} incomplete, {status.offline} offline")
    click.echo(f"segments    {status.segments}, {status.captions} captions, {status.vectors} vectors")
    click.echo(f"captioner   {status.captioner}; captions by {', '.join(status.recipes) or 'nobody yet'}")
    for folder in status.folders:
        click.echo(f"folder      {printable(folder)}")
    return 0
