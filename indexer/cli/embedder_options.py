"""The options by which a command is told what turns texts and pictures into vectors."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from indexer.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def embedder_options(function: Callable[P, R]) -> Callable[P, R]:
    """Adds `--embedder` and `--image-embedder` to a command that takes `settings`, and notes in these what they ask
    for. Goes between `pass_settings` and the command."""

    @click.option(
        "--embedder",
        metavar="minilm|NAME|FOLDER",
        help="What texts are searched by, once it has read them all. [default: the library's own]",
    )
    @click.option(
        "--image-embedder",
        metavar="NAME|FOLDER|none",
        help="What pictures are searched by, once it has seen them all. [default: the library's own]",
    )
    @wraps(function)
    def with_embedders(*args: P.args, **kwargs: P.kwargs) -> R:
        given = {name: kwargs.pop(name) for name in ("embedder", "image_embedder")}
        asked = {name: value for name, value in given.items() if value is not None}
        settings = kwargs["settings"]
        assert isinstance(settings, Settings)
        kwargs["settings"] = settings.model_copy(update=asked)
        return function(*args, **kwargs)

    return with_embedders
