"""`shotlist retry`: what failed is taken up again."""

from collections.abc import Sequence

import click

from indexer.bootstrap import open_library
from indexer.cli.session import pass_settings, talk
from indexer.domain import VideoId
from indexer.settings import Settings


@click.command("retry")
@click.argument("units", nargs=-1, type=int, metavar="[UNIT...]")
@click.option("--refused", is_flag=True, help="Also files that were refused.")
@click.option("--video", metavar="ID", help="Only what failed of this video.")
@pass_settings
def command(units: Sequence[int], refused: bool, video: str | None, settings: Settings) -> int:
    """Take up again what failed: all of it, or each UNIT that `shotlist failures` shows.

    It is queued; the next `shotlist worker` (or the one that is at work) does it.
    """
    if units and (refused or video):
        raise click.UsageError("give units, or --refused and --video: not both")
    library = open_library(settings)
    count = library.work.retry(
        "failed and refused" if refused else "failed", video=VideoId(video) if video else None, units=units or None
    )
    again = 0 if units else library.work.retry_captions(VideoId(video) if video else None)
    if count:
        talk(f"{count} units of work wait for another try.")
    if again:
        talk(f"{again} segments are captioned anew, whose captioners gave no caption.")
    if not count and not again:
        talk("Nothing failed that could be tried again.")
    if (count or again) and not library.work.status().workers:
        talk("No worker is there now; start one with: shotlist worker")
    return 0
