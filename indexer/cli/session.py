"""What all commands share: the library options, one way to fail, one way to print JSON."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from indexer.cli.printing import printable_lines
from indexer.domain import Progress, ProgressWatcher
from indexer.errors import ShotlistError
from indexer.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

EXIT_ERROR = 1
EXIT_INTERRUPTED = 130


class Session:
    """Runs a command and turns how it ended into words and an exit code."""

    def __init__(self, command: click.Command) -> None:
        self.command = command

    def run(self) -> None:
        try:
            code = self.command.main(standalone_mode=False)
        except click.exceptions.Abort:
            sys.exit(EXIT_INTERRUPTED)
        except click.ClickException as error:
            error.show()
            sys.exit(EXIT_ERROR)
        except ShotlistError as error:
            talk(f"shotlist: {error}")
            sys.exit(EXIT_ERROR)
        except BrokenPipeError:
            sys.stderr.close()  # the reader, such as `head`, had enough
            sys.exit(0)
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def stops_on_terminate() -> Iterator[Callable[[ProgressWatcher], ProgressWatcher]]:
    """While in it, the signals by which systems end programs, and terminals that are closed, do what Ctrl-C does.

    Gives what makes a watcher heed them too: an exception that a signal raises is lost where it meets a callback of
    Python's own, and the next moment that is told ends the work then. What a library that was interrupted says of it,
    such as a database's driver about its connection, is no error of its own.
    """
    asked = threading.Event()

    def interrupt(_number: int, _frame: object) -> None:
        asked.set()
        raise KeyboardInterrupt

    def heeding(watch: ProgressWatcher) -> ProgressWatcher:
        def heed(moment: Progress) -> None:
            if asked.is_set():
                raise KeyboardInterrupt
            watch(moment)

        return heed

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield heeding
    except Exception as error:
        if asked.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def pass_settings(function: Callable[P, R]) -> Callable[P, R]:
    """Adds `--library` and `--database` to a command and hands it the `Settings` they make, as `settings`."""

    @click.option(
        "--library",
        type=click.Path(path_type=Path, file_okay=False),
        help="The library's folder. [default: $SHOTLIST_LIBRARY, else ./shotlist-library]",
    )
    @click.option("--database", metavar="URL", help="Keep texts and vectors in this PostgreSQL database instead.")
    @wraps(function)
    def with_settings(*args: P.args, **kwargs: P.kwargs) -> R:
        given = {name: kwargs.pop(name) for name in ("library", "database")}
        settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        return function(*args, settings=settings, **kwargs)  # type: ignore[arg-type]

    return with_settings


def as_json(function: Callable[P, R]) -> Callable[P, R]:
    return click.option("--json", "json", is_flag=True, help="JSON lines on stdout, for programs.")(function)


def talk(text: str = "") -> None:
    """Say something to the person: on stderr, so that stdout stays data. Names in it may hold anything."""
    click.echo(printable_lines(text), err=True)
