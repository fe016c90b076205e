"""`shotlist resume`: the work goes on."""

import click

from indexer.bootstrap import open_library
from indexer.cli.session import pass_settings, talk
from indexer.settings import Settings


@click.command("resume")
@pass_settings
def command(settings: Settings) -> int:
    """Let the work go on that `shotlist pause` held up."""
    library = open_library(settings)
    library.work.resume()
    talk(
        "The work goes on."
        if library.work.status().workers
        else "Resumed; no worker is there now: start one with: shotlist worker"
    )
    return 0
