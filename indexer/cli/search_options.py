"""What `shotlist search` and `shotlist similar` are asked with besides their question: filters, and what is listed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import ParamSpec, TypedDict, TypeVar, cast

import click

from indexer.domain import Facet, Filters, Listing, VideoId
from indexer.errors import UsageError
from indexer.library import Library
from indexer.timecode import MICROSECONDS

P = ParamSpec("P")
R = TypeVar("R")

MOST = 1000
LISTINGS: tuple[Listing, ...] = ("segments", "moments", "videos")


class FilterOptions(TypedDict):
    videos: tuple[str, ...]
    folder: str | None
    after: str | None
    before: str | None
    longer: float | None
    shorter: float | None
    facets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is listed, and how much; None: what the command usually does."""

    limit: int | None
    by: Listing | None
    per_video: int | None


def as_listed(function: Callable[P, R]) -> Callable[P, R]:
    """Adds `--limit`, `--by` and `--per-video` to a command and hands it what they make, as `listed`."""

    @click.option(
        "--limit", type=click.IntRange(1, MOST), help="How many are listed. [default: 10; 100 of a query with --batch]"
    )
    @click.option("--by", type=click.Choice(LISTINGS), help="What is listed. [default: moments; segments with --batch]")
    @click.option("--per-video", type=click.IntRange(min=1), metavar="N", help="At most N of one video.")
    @wraps(function)
    def with_listed(*args: P.args, **kwargs: P.kwargs) -> R:
        given = (kwargs.pop(name) for name in ("limit", "by", "per_video"))
        return function(*args, listed=Listed(*given), **kwargs)  # type: ignore[arg-type]  # click checked

    return with_listed


def as_filters(function: Callable[P, R]) -> Callable[P, R]:
    """Adds the filters to a command and hands it what they make, as `filters`. Raises `UsageError` for what is none."""

    @click.option("--video", "videos", multiple=True, metavar="ID", help="Only in this video; may be repeated.")
    @click.option("--folder", metavar="NAME", help="Only in files below a folder of this name or path.")
    @click.option("--after", metavar="DATE", help="Recorded on or after: 1987, 1987-04 or 1987-04-12.")
    @click.option("--before", metavar="DATE", help="Recorded on or before.")
    @click.option("--longer", type=click.FloatRange(0), metavar="SECONDS", help="Moments of at least this length.")
    @click.option("--shorter", type=click.FloatRange(0), metavar="SECONDS", help="Moments of at most this length.")
    @click.option(
        "--facet", "facets", multiple=True, metavar="NAME=VALUE", help="For instance camera=static; may be repeated."
    )
    @wraps(function)
    def with_filters(*args: P.args, **kwargs: P.kwargs) -> R:
        options = cast("FilterOptions", {name: kwargs.pop(name) for name in FilterOptions.__annotations__})
        return function(*args, filters=_filters(options), **kwargs)  # type: ignore[arg-type]

    return with_filters


def check_videos(library: Library, filters: Filters) -> None:
    """Tells of a video that is not there, which would only seem to hold nothing. Raises `UsageError`."""
    for video in filters.videos:
        library.video(video)


def _filters(options: FilterOptions) -> Filters:
    return Filters(
        videos=tuple(VideoId(video) for video in options["videos"]),
        folder=options["folder"],
        recorded_from=_date("--after", options["after"]),
        recorded_to=_date("--before", options["before"]),
        longer_us=_microseconds(options["longer"]),
        shorter_us=_microseconds(options["shorter"]),
        facets=tuple(_facet(text) for text in options["facets"]),
    )


def _date(option: str, text: str | None) -> str | None:
    """A year, a month or a day, as it stands."""
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
            raise ValueError
        date.fromisoformat(text + "-01" * (2 - text.count("-")))
    except ValueError:
        raise UsageError(f"{option} takes a date such as 1987, 1987-04 or 1987-04-12, not {text!r}") from None
    return text


def _microseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * MICROSECONDS)


def _facet(text: str) -> Facet:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise UsageError(f"--facet takes NAME=VALUE, such as camera=static, not {text!r}")
    return Facet(name.strip(), value.strip())
