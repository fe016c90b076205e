"""The options by which a command is told who writes captions."""

from collections.abc import Callable
from functools import wraps
from typing import Literal, NamedTuple, ParamSpec, TypeVar

import click

from indexer.captioning import CaptionerName

P = ParamSpec("P")
R = TypeVar("R")


class AskedCaptioner(NamedTuple):
    """As `bootstrap.open_ingester` takes them. No name: the library's own."""

    name: str | None
    elsewhere: Literal["as permitted", "permit"]


def captioner_options(*, required: bool) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Adds `--captioner`, `--tokens-per-second` and `--allow-remote` to a command and hands it what they ask for, as
    `asked`."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @click.option(
            "--captioner",
            required=required,
            metavar="measured|auto|NAME|openai:MODEL@URL",
            help="Who writes the captions." + ("" if required else " [default: the library's own]"),
        )
        @click.option(
            "--tokens-per-second",
            type=click.FloatRange(min=0, min_open=True),
            metavar="N",
            help="Vision tokens a model may spend on a second of video. [default: 88; of a server 144]",
        )
        @click.option("--allow-remote", is_flag=True, help="Let frames be sent to that server, from now on.")
        @wraps(function)
        def with_captioner(*args: P.args, **kwargs: P.kwargs) -> R:
            asked = _read(*(kwargs.pop(one) for one in ("captioner", "tokens_per_second", "allow_remote")))  # type: ignore[arg-type]
            return function(*args, asked=asked, **kwargs)  # type: ignore[arg-type]

        return with_captioner

    return decorate


def _read(name: str | None, budget: float | None, allow_remote: bool) -> AskedCaptioner:
    if name is None and (budget is not None or allow_remote):
        raise click.UsageError("--tokens-per-second and --allow-remote go with --captioner")
    if name is not None and budget is not None:
        name = str(CaptionerName(CaptionerName.read(name).name, budget))
    return AskedCaptioner(name, "permit" if allow_remote else "as permitted")
