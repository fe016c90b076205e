"""`shotlist similar`: moments like one of the library, or like a picture."""

from pathlib import Path

import click

from indexer.bootstrap import open_library
from indexer.cli.json_hits import hit_line, summary_line
from indexer.cli.json_lines import print_line
from indexer.cli.search_options import MOST, as_filters, check_videos
from indexer.cli.session import as_json, pass_settings, talk
from indexer.cli.show_hits import show_hits
from indexer.domain import Filters, SegmentId
from indexer.errors import UsageError
from indexer.settings import Settings


@click.command("similar")
@click.argument("segment", required=False)
@click.option(
    "--picture", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Like this picture instead."
)
@click.option("--limit", type=click.IntRange(1, MOST), default=10, show_default=True, help="How many moments.")
@as_filters
@as_json
@pass_settings
def command(
    segment: str | None, picture: Path | None, limit: int, json: bool, settings: Settings, filters: Filters
) -> int:
    """Find moments like SEGMENT (an id that `shotlist search --json` and `shotlist segments --json` give).

    By what their texts say, and by their pictures where the library has an image embedder.
    """
    if (segment is None) == (picture is None):
        raise UsageError("give the id of a segment, or a picture with --picture FILE")
    library = open_library(settings)
    check_videos(library, filters)
    if picture is not None:
        result = library.like_picture(picture, filters=filters, limit=limit)
    else:
        result = library.similar(SegmentId(segment or ""), filters=filters, limit=limit)
    if json:
        for hit in result.hits:
            print_line(hit_line(hit))
        print_line(summary_line(result))
    elif result.hits:
        show_hits(result.hits, library)
    else:
        talk("Nothing in this library is like it.")
    return 0
