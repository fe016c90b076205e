"""`shotlist reindex`: what is searched, made anew from the store."""

import click

from indexer.bootstrap import open_library
from indexer.cli.session import pass_settings, talk
from indexer.library import PARTS
from indexer.settings import Settings


@click.command("reindex")
@click.option(
    "--what",
    type=click.Choice(["all", *PARTS]),
    default="all",
    show_default=True,
    help="texts: what segments are searched by; names: of videos; vectors: the index files.",
)
@click.option("--hubs", is_flag=True, help="Measure again how central each caption is: minutes in large libraries.")
@pass_settings
def command(what: str, hubs: bool, settings: Settings) -> int:
    """Make what is searched anew from the store. Nothing is lost by it, and search goes on meanwhile."""
    parts = tuple(part for part in PARTS if what in ("all", part))
    open_library(settings).care.reindex(parts=parts, hubs="all" if hubs else "missing", tell=talk)
    return 0
