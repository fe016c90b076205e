"""`shotlist priority`: what is worked first."""

from collections.abc import Sequence
from typing import get_args

import click

from indexer.bootstrap import open_library
from indexer.cli.printing import printable
from indexer.cli.session import pass_settings, talk
from indexer.domain import Priority, VideoId
from indexer.settings import Settings


@click.command("priority")
@click.argument("level", type=click.Choice(get_args(Priority)))
@click.argument("videos", nargs=-1, required=True, metavar="VIDEO...")
@pass_settings
def command(level: Priority, videos: Sequence[str], settings: Settings) -> int:
    """Let what is still to be done for each VIDEO (its id, see `shotlist videos`) go before, or after, the rest."""
    library = open_library(settings)
    for video in videos:
        units = library.work.prioritise(VideoId(video), level)
        talk(f"{printable(library.video(VideoId(video)).title)}: {units} units of work go with {level} priority.")
    return 0
