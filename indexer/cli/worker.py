"""`shotlist worker`: work a library's queue."""

from collections.abc import Sequence

import click

from indexer.bootstrap import open_ingester
from indexer.cli import show_progress
from indexer.cli.embedder_options import embedder_options
from indexer.cli.session import EXIT_INTERRUPTED, pass_settings, stops_on_terminate, talk
from indexer.domain import Need
from indexer.settings import Settings


@click.command("worker")
@click.option(
    "--has",
    type=click.Choice(["cpu", "model"]),
    multiple=True,
    help="What it takes: `cpu` all but captions by a model, `model` these. [default: both]",
)
@click.option("--lanes", type=click.IntRange(1, 256), help="Pieces of work at once. [default: one a processor]")
@click.option("--until-empty", is_flag=True, help="End when there is nothing left that it could do.")
@pass_settings
@embedder_options
def command(has: Sequence[Need], lanes: int | None, until_empty: bool, settings: Settings) -> int:
    """Work what is queued, beside others if there are any, until it is stopped.

    Several workers may work one library; each unit of work is done by one of them. Ctrl-C stops without loss; what a
    worker that dies had in hand is taken over by the others.
    """
    ingester = open_ingester(settings if lanes is None else settings.model_copy(update={"lanes": lanes}))
    offered: Sequence[Need] = tuple(dict.fromkeys(has)) or ("cpu", "model")
    talk(f"Working {ingester.bench.folder.root}; captions by the library's own captioner: {ingester.note}")
    try:
        with stops_on_terminate() as heeding, show_progress.watching() as watch:
            held_up = ingester.work(has=offered, watch=heeding(watch), until="empty" if until_empty else "stopped")
    except KeyboardInterrupt:
        talk("Stopped. Nothing is lost: what was in hand is waiting for a worker again.")
        return EXIT_INTERRUPTED
    for sentence in held_up:
        talk(sentence)
    return 0
