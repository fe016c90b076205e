"""`shotlist db`: the schema of the library's database."""

import click

from indexer.bootstrap import database_url
from indexer.cli.session import pass_settings
from indexer.errors import LibraryError
from indexer.settings import Settings
from indexer.store import schema_state, upgrade_schema


@click.group("db")
def command() -> None:
    """Look after the database of the library."""


@command.command("check")
@pass_settings
def check(settings: Settings) -> int:
    """Compare the database with what this program expects."""
    state = schema_state(database_url(settings))
    if state.current != state.head:
        at = state.current or "nothing"
        raise LibraryError(f"the database is at {at}, this program needs {state.head}; run: shotlist db upgrade")
    click.echo(f"The database is as this program expects it ({state.head}).")
    return 0


@command.command("upgrade")
@pass_settings
def upgrade(settings: Settings) -> int:
    """Bring the database to what this program expects. Back it up first."""
    upgrade_schema(database_url(settings))
    click.echo(f"The database is at {schema_state(database_url(settings)).head}.")
    return 0
