"""`shotlist roots`: the registered folders, and where they are now."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import moved_line, print_line, root_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings, talk
from indexer.library import RegisteredFolder
from indexer.settings import Settings

_FOLDER = click.Path(path_type=Path)


@click.group("roots", invoke_without_command=True)
@as_json
@pass_settings
@click.pass_context
def command(context: click.Context, json: bool, settings: Settings) -> int:
    """List the registered folders; add, move, rename or remove one.

    Every file is known by its place in a registered folder, so that a share mounted elsewhere is one edit.
    """
    if context.invoked_subcommand is not None:
        if any(context.params.values()):
            raise click.UsageError(f"write the options after `{context.invoked_subcommand}`")
        return 0
    found = open_library(settings).places.roots()
    if json:
        for folder in found:
            print_line(root_line(folder))
        return 0
    table = Table.grid(padding=(0, 2, 0, 0))
    for folder in found:
        state = "online" if folder.online else "offline"
        name, path = Text(printable(folder.name), "bold"), Text(printable(folder.path), overflow="fold")
        table.add_row(name, path, f"{folder.files} files", state)
    Console(highlight=False).print(table)
    return 0


@command.command("add")
@click.argument("name")
@click.argument("folder", type=_FOLDER)
@as_json
@pass_settings
def add(name: str, folder: Path, json: bool, settings: Settings) -> int:
    """Register FOLDER as NAME. Index what is in it with `shotlist add`."""
    _tell(open_library(settings).places.add_root(name, folder), json=json)
    return 0


@command.command("move")
@click.argument("name")
@click.argument("folder", type=_FOLDER)
@click.option("--force", is_flag=True, help="Even if none of its files is there now.")
@as_json
@pass_settings
def move(name: str, folder: Path, force: bool, json: bool, settings: Settings) -> int:
    """Say that the folder NAME is at FOLDER now, with all that lies in it: nothing is indexed again."""
    moved = open_library(settings).places.move_root(name, folder, wanted="nothing" if force else "some files")
    if json:
        print_line(moved_line(moved))
        return 0
    _tell(moved.folder, json=False)
    talk(f"{moved.found} of {moved.files} files are there.")
    return 0


@command.command("rename")
@click.argument("old")
@click.argument("new")
@as_json
@pass_settings
def rename(old: str, new: str, json: bool, settings: Settings) -> int:
    """Give the folder OLD the name NEW. Nothing on the disk changes."""
    _tell(open_library(settings).places.rename_root(old, new), json=json)
    return 0


@command.command("remove")
@click.argument("name")
@pass_settings
def remove(name: str, settings: Settings) -> int:
    """Forget the folder NAME, where no video has its last file in it. Nothing on the disk changes."""
    open_library(settings).places.remove_root(name)
    talk(f"Forgot the folder {printable(name)}.")
    return 0


def _tell(folder: RegisteredFolder, *, json: bool) -> None:
    if json:
        print_line(root_line(folder))
    else:
        talk(f"{printable(folder.name)} is {printable(folder.path)}.")
