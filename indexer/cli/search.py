"""`shotlist search`: words in, moments out; one query, or a file of them."""

from typing import IO

import click

from indexer.bootstrap import open_library
from indexer.cli.json_hits import hit_line, summary_line
from indexer.cli.json_lines import print_line
from indexer.cli.search_batch import answer_batch
from indexer.cli.search_options import Listed, as_filters, as_listed, check_videos
from indexer.cli.session import EXIT_ERROR, as_json, pass_settings, talk
from indexer.cli.show_hits import show_result
from indexer.domain import Filters
from indexer.embedders_in_use import told_of_another
from indexer.errors import UsageError
from indexer.library import Library
from indexer.settings import Settings

_LIMIT = 10
_DASHES: dict[str, object] = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""`-mayor people` and `-hat` are queries."""


@click.command("search", context_settings=_DASHES)
@click.argument("query", required=False)
@click.option(
    "--batch",
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="FILE",
    help="Answer the queries of a file of JSON lines, or of standard input (-), a line each; with --json.",
)
@click.option("--all", "weaker", is_flag=True, help="Show the weaker matches too.")
@as_listed
@as_filters
@as_json
@pass_settings
def command(  # noqa: PLR0913 (one a parameter of the command)
    query: str | None,
    batch: IO[str] | None,
    weaker: bool,
    json: bool,
    settings: Settings,
    filters: Filters,
    listed: Listed,
) -> int:
    """Find moments by words, names or a description.

    Plain words and sentences rank. "A phrase" must occur as it stands, -word must not; A OR B, A THEN B, sunris*, and
    filters such as camera:pan or after:2024-01 may be written among the words.
    """
    if query == "-h":
        click.echo(click.get_current_context().get_help())
        return 0
    _check(query, batch, weaker=weaker, json=json)
    library = open_library(settings)
    if told := told_of_another(library.database, settings.embedder):
        talk(told)
    check_videos(library, filters)
    if batch is not None:
        return _answer_all(library, batch, filters, listed)
    result = library.search(
        query or "",
        filters=filters,
        limit=listed.limit or _LIMIT,
        listing=listed.by or "moments",
        per_video=listed.per_video,
    )
    if json:
        for hit in result.hits:
            print_line(hit_line(hit))
        print_line(summary_line(result))
    else:
        show_result(result, library, asked=query or "", weaker=weaker)
    return 0


def _check(query: str | None, batch: IO[str] | None, *, weaker: bool, json: bool) -> None:
    """Raises `UsageError` for what makes no sense together."""
    if (query is None) == (batch is None):
        raise UsageError('give one query, such as shotlist search "boats at dusk", or a file of them with --batch FILE')
    if batch is not None and not json:
        raise UsageError("--batch prints JSON lines; add --json")
    if weaker and json:
        raise UsageError("--json prints weaker matches always; leave --all out")
    if query is not None and query.startswith("--"):
        raise UsageError(f"there is no option {query.split()[0]}; shotlist search --help lists them")


def _answer_all(library: Library, batch: IO[str], filters: Filters, listed: Listed) -> int:
    bad = 0
    for answer in answer_batch(library, batch, filters=filters, listed=listed):
        bad += "error" in answer
        print_line(answer)
    if bad:
        talk(f"{bad:,} {'line' if bad == 1 else 'lines'} could not be read as a query; see the field error")
    return EXIT_ERROR if bad else 0
