"""Who a person's edit is by: `--author`, else $SHOTLIST_AUTHOR, else the login name."""

import getpass
from collections.abc import Callable
from typing import TypeVar

import click

R = TypeVar("R")


def as_author(function: Callable[..., R]) -> Callable[..., R]:
    """Adds `--author` to a command and hands it over as `author`."""
    return click.option(
        "--author",
        envvar="SHOTLIST_AUTHOR",
        default=_login_name,
        metavar="NAME",
        help="Who does this. [default: $SHOTLIST_AUTHOR, else your login name]",
    )(function)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container, users may have no names
        raise click.UsageError("nobody knows your name here; give it with --author NAME") from None
