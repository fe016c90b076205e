"""`shotlist recaption`: captions by another captioner, beside those that are searched."""

from collections.abc import Sequence

import click

from indexer.bootstrap import open_ingester, open_library
from indexer.cli import show_progress
from indexer.cli.captioner_options import AskedCaptioner, captioner_options
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_INTERRUPTED, pass_settings, stops_on_terminate, talk
from indexer.domain import VideoId
from indexer.ingest import Ingester
from indexer.ingest.recaption import Recaptioning, recaption
from indexer.settings import Settings


@click.command("recaption")
@click.option("--video", "videos", multiple=True, metavar="ID", help="Of this video alone; may be repeated.")
@click.option("--work", is_flag=True, help="Work the queue here and now, until it is empty.")
@pass_settings
@captioner_options(required=True)
def command(videos: Sequence[str], work: bool, asked: AskedCaptioner, settings: Settings) -> int:
    """Queue captions by another captioner for all that lacks them; nothing is decoded or cut anew.

    Search goes on over the captions that are there, and is switched to the new ones when they are complete. With
    --video only these videos get them, for comparison, and nothing is switched.
    """
    open_library(settings)  # tells where there is none
    ingester = open_ingester(settings, captioner=asked.name, elsewhere=asked.elsewhere)
    talk(f"Captions: {ingester.note}")
    queued = recaption(
        ingester.bench.database,
        ingester.bench.captioners.named(ingester.captioner),
        ingester.captioner,
        videos=[VideoId(video) for video in videos] or None,
    )
    _tell(queued)
    if not queued.units or queued.is_complete:
        return 0
    if not work:
        talk("To work what is queued: shotlist worker")
        return 0
    return _work(ingester)


def _tell(asked: Recaptioning) -> None:
    recipe = printable(asked.recipe)
    if asked.is_complete:
        talk(f"{recipe} has written about all of it already" + ("." if asked.is_searched else ", to search it first:"))
        if not asked.is_searched:
            talk(f'  shotlist recipes use "{recipe}"')
        return
    talk(f"Queued for {asked.videos} videos: {recipe}, {asked.units} pieces of work.")
    if asked.switches:
        talk("It is searched first as soon as it is complete; shotlist recipes tells how far it is.")
    elif not asked.is_searched:
        talk(f'To compare: shotlist segments VIDEO. To search it first: shotlist recipes use "{recipe}"')


def _work(ingester: Ingester) -> int:
    try:
        with stops_on_terminate() as heeding, show_progress.watching() as watch:
            ingester.work(has=("cpu", "model"), watch=heeding(watch), until="empty")
    except KeyboardInterrupt:
        talk("Stopped. Nothing is lost: shotlist worker goes on where this one stopped.")
        return EXIT_INTERRUPTED
    return 0
