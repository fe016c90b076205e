"""`shotlist serve`: the library in a browser."""

import os
import sys

import click

from indexer.bootstrap import open_library
from indexer.cli.session import pass_settings
from indexer.settings import Settings


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Only this machine's own addresses are served.")
@pass_settings
def command(port: int, host: str, settings: Settings) -> int:
    """Open the library in a browser."""
    root = open_library(settings).folder.root
    program = [sys.executable, "-m", "search_ui", "--library", str(root), "--port", str(port), "--host", host]
    if settings.database:
        os.environ["SHOTLIST_DATABASE"] = settings.database  # not as an option: it may hold a password
    os.execv(sys.executable, program)
