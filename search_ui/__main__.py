"""`python -m search_ui`: serve a library to the browser of this machine."""

import sys
from pathlib import Path

import click

from indexer.errors import ShotlistError
from indexer.settings import Settings
from search_ui.server import check_address, serve


@click.command()
@click.option("--library", "folder", type=click.Path(path_type=Path), help="The library's folder.")
@click.option("--host", default="127.0.0.1", show_default=True, help="This machine only, for now.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
def main(folder: Path | None, host: str, port: int) -> None:
    """Serve a library as a page in the browser, until stopped with Ctrl+C."""
    folder = folder or Settings().library
    try:
        check_address(host, port)
        click.echo(f"Shotlist on http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C stops it)", err=True)
        serve(folder, host=host, port=port)
    except ShotlistError as error:
        click.echo(f"shotlist: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m search_ui")
