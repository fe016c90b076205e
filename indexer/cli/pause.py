"""`shotlist pause`: all work holds still."""

import click

from indexer.bootstrap import open_library
from indexer.cli.session import pass_settings, talk
from indexer.settings import Settings


@click.command("pause")
@pass_settings
def command(settings: Settings) -> int:
    """Let all workers of the library hold still, until `shotlist resume`. Searches go on; nothing is lost."""
    open_library(settings).work.pause()
    talk("Paused: workers hold still within seconds. Go on with: shotlist resume")
    return 0
