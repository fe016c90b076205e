"""`shotlist edit`: a person's text for a segment."""

import sys

import click

from indexer.bootstrap import open_library
from indexer.cli.authorship import as_author
from indexer.cli.session import pass_settings, talk
from indexer.domain import SegmentId
from indexer.settings import Settings


@click.command("edit")
@click.argument("segment")
@click.argument("text")
@as_author
@pass_settings
def command(segment: str, text: str, author: str, settings: Settings) -> int:
    """Let TEXT be what SEGMENT is searched by; `-` reads it from standard input.

    It is found at once, by its words and by its meaning, and stays through every re-captioning and new cut of the
    video. `shotlist undo` takes it back.
    """
    written = _from_input() if text == "-" else text
    open_library(settings).texts.edit(SegmentId(segment), written, author=author)
    talk(f"Segment {segment} is searched by your text now. To take it back: shotlist undo {segment}")
    return 0


def _from_input() -> str:
    return sys.stdin.buffer.read().decode("utf-8", "replace")
