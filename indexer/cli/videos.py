"""`shotlist videos`: what is in the library."""

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line, video_line
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
        files = [str(location.path).encode("utf-8", "replace").decode("utf-8") for location in video.locations]
        told = Text("\n").join([Text(video.title, "bold"), *(Text(file, "dim", overflow="fold") for file in files)])
        table.add_row(Text(video.id, "cyan"), told, length, video.state)
    Console(highlight=False).print(table)
    return 0
