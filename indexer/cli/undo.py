"""`shotlist undo`: take back an edit."""

import click

from indexer.bootstrap import open_library
from indexer.cli.authorship import as_author
from indexer.cli.printing import printable
from indexer.cli.session import pass_settings, talk
from indexer.domain import SegmentId
from indexer.settings import Settings


@click.command("undo")
@click.argument("segment")
@as_author
@pass_settings
def command(segment: str, author: str, settings: Settings) -> int:
    """Take back the last thing that people did to the texts of SEGMENT; again: the one before."""
    undone = open_library(settings).texts.undo(SegmentId(segment), author=author)
    did = "wrote" if undone.action == "write" else "rejected"
    talk(f"Undone: {printable(undone.author)} {did} on {undone.at}: {printable(undone.text)}")
    return 0
