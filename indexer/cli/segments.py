"""`shotlist segments`: one video from start to end."""

from typing import Final

import click
from rich.console import Console
from rich.table import Table

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line, segment_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings
from indexer.domain import Caption, CaptionProblem, VideoId
from indexer.settings import Settings

_PROBLEMS: Final[dict[CaptionProblem, str]] = {
    "empty": "it wrote nothing",
    "refusal": "it would not describe this",
    "loop": "it wrote the same over and over",
    "rejected": "its server would not take this",
}


@click.command("segments")
@click.argument("video")
@as_json
@pass_settings
def command(video: str, json: bool, settings: Settings) -> int:
    """List the segments of VIDEO (an id that `shotlist videos` shows) with their captions."""
    library = open_library(settings)
    details = library.segments(VideoId(video))
    if json:
        for detail in details:
            print_line(segment_line(detail, library.folder.root))
        return 0
    shown = library.video(VideoId(video))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("in", "out", "caption"):
        table.add_column(column, overflow="fold", no_wrap=column != "caption")
    for detail in details:
        end_us = detail.segment.end_us
        texts = "\n".join(caption.text or _why_not(caption) for caption in detail.captions)
        table.add_row(shown.timecode(detail.segment.start_us), shown.timecode(end_us) if end_us else "", texts)
    Console(highlight=False).print(table)
    return 0


def _why_not(caption: Caption) -> str:
    """In place of a text: nothing where there was nothing to say."""
    return f"({printable(caption.recipe)}: {_PROBLEMS[caption.problem]})" if caption.problem else ""
