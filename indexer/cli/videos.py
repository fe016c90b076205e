"""`shotlist videos`: what is in the library."""

import click
from rich.console import Console
from rich.table import Table

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line, video_line
from indexer.cli.session import as_json, pass_settings
from indexer.settings import Settings
from indexer.timecode import short_duration


@click.command("videos")
@as_json
@pass_settings
def command(json: bool, settings: Settings) -> int:  # noqa: FBT001
    """List the videos of the library."""
    found = open_library(settings).videos()
    if json:
        for video in found:
            print_line(video_line(video))
        return 0
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("video", "title", "length", "state", "file"):
        table.add_column(column, overflow="fold")
    for video in found:
        length = short_duration(video.duration_us) if video.duration_us is not None else ""
        file = str(video.locations[0].path) if video.locations else ""
        table.add_row(video.id, video.title, length, video.state, file.encode("utf-8", "replace").decode("utf-8"))
    Console(highlight=False).print(table)
    return 0
