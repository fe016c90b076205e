"""`shotlist reject`: hide a text."""

import click

from indexer.bootstrap import open_library
from indexer.cli.authorship import as_author
from indexer.cli.session import pass_settings, talk
from indexer.domain import SegmentId
from indexer.settings import Settings


@click.command("reject")
@click.argument("segment")
@as_author
@pass_settings
def command(segment: str, author: str, settings: Settings) -> int:
    """Hide the text that SEGMENT is searched by now.

    It is kept, and stays hidden. The segment is searched by the next text there is: one that a person wrote before,
    else the caption of the next recipe, else none. `shotlist undo` takes it back.
    """
    open_library(settings).texts.reject(SegmentId(segment), author=author)
    talk(f"Hidden. To take it back: shotlist undo {segment}")
    return 0
