"""`shotlist videos`: what is in the library."""

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line, video_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings
from indexer.settings import Settings
from indexer.timecode import short_duration


@click.command("videos")
@as_json
@pass_settings
def command(json: bool, settings: Settings) -> int:
    """List the videos of the library."""
    found = open_library(settings).videos()
    if json:
        for video in found:
            print_line(video_line(video))
        return 0
    table = Table.grid(padding=(0, 2, 0, 0))
    for video in found:
        length = short_duration(video.duration_us) if video.duration_us is not None else ""
        files = [Text(printable(location.path), "dim", overflow="fold") for location in video.locations]
        told = Text("\n").join([Text(printable(video.title), "bold"), *files])
        table.add_row(Text(video.id, "cyan"), told, length, video.state)
    Console(highlight=False).print(table)
    return 0
