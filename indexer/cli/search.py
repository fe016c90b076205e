"""`shotlist search`: words in, moments out."""

import re
from datetime import date
from typing import TypedDict, Unpack

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import hit_line, print_line, summary_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings, talk
from indexer.domain import Evidence, Facet, Filters, Hit, SearchResult, VideoId
from indexer.errors import UsageError
from indexer.settings import Settings
from indexer.timecode import MICROSECONDS, clock


class FilterOptions(TypedDict):
    videos: tuple[str, ...]
    folder: str | None
    after: str | None
    before: str | None
    longer: float | None
    shorter: float | None
    facets: tuple[str, ...]


PLACES = {1: "1st", 2: "2nd", 3: "3rd"}


@click.command("search")
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="How many moments.")
@click.option("--video", "videos", multiple=True, metavar="ID", help="Only in this video; may be repeated.")
@click.option("--folder", metavar="NAME", help="Only in files below a folder of this name or path.")
@click.option("--after", metavar="DATE", help="Recorded on or after: 1987, 1987-04 or 1987-04-12.")
@click.option("--before", metavar="DATE", help="Recorded on or before.")
@click.option("--longer", type=click.FloatRange(0), metavar="SECONDS", help="Moments of at least this length.")
@click.option("--shorter", type=click.FloatRange(0), metavar="SECONDS", help="Moments of at most this length.")
@click.option(
    "--facet", "facets", multiple=True, metavar="NAME=VALUE", help="For instance camera=static; may be repeated."
)
@as_json
@pass_settings
def command(query: str, limit: int, json: bool, settings: Settings, **filters: Unpack[FilterOptions]) -> int:
    """Find moments by words, names or a description.

    Plain words and sentences rank. "A phrase" in quotes must occur as it stands; -word must not occur.
    """
    library = open_library(settings)
    for video in filters["videos"]:
        library.video(VideoId(video))  # tells of one that is not there, which would only seem to hold nothing
    result = library.search(query, filters=_filters(filters), limit=limit)
    if json:
        for hit in result.hits:
            print_line(hit_line(hit))
        print_line(summary_line(result))
    else:
        _print(result)
    return 0


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


def _print(result: SearchResult) -> None:
    if result.unknown_words and result.strength in ("none", "weak"):
        talk("In no text or name of this library: " + ", ".join(result.unknown_words))
    if result.strength == "none":
        nearest = " The nearest by meaning:" if result.hits else ""
        talk(f"Nothing in this library matches {result.read_as!r}.{nearest}")
    elif result.strength == "weak":
        talk("Only weak matches:")
    table = Table.grid(padding=(0, 2, 1, 0))
    table.add_column(justify="right", style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for place, hit in enumerate(result.hits, start=1):
        table.add_row(str(place), _moment(hit), _told(hit))
    if result.hits:
        Console(highlight=False).print(table)


def _moment(hit: Hit) -> Text:
    length = "" if hit.end_us is None else f"\n+{(hit.end_us - hit.start_us) / MICROSECONDS:.1f} s"
    return Text.assemble((hit.timecode or clock(hit.start_us), "bold cyan"), (length, "dim"))


def _told(hit: Hit) -> Text:
    """The video, the caption with the words that matched in bold, and why."""
    caption = Text(hit.text)
    caption.highlight_words([word for one in hit.evidence if one.field == "caption" for word in one.words], "bold")
    return Text("\n").join([Text(printable(hit.title), "bold"), caption, Text(why(hit), "dim")])


def why(hit: Hit) -> str:
    """The evidence in words."""
    return "; ".join(_evidence(one) for one in hit.evidence) or clock(hit.start_us)


def _evidence(one: Evidence) -> str:
    if one.signal == "meaning":
        return f"{PLACES.get(one.rank or 0, f'{one.rank}th')} in meaning"
    if one.signal == "spelling":
        return "spelt much like its name"
    where = {"caption": "caption", "file_name": "file name"}.get(one.field, one.field)
    return f"{where}: {', '.join(one.words)}"
