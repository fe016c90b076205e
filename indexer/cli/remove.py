"""`shotlist remove`: forget a video."""

import click

from indexer.bootstrap import open_library
from indexer.cli.printing import printable
from indexer.cli.session import pass_settings, talk
from indexer.domain import VideoId
from indexer.settings import Settings


@click.command("remove")
@click.argument("video")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_settings
def command(video: str, yes: bool, settings: Settings) -> int:
    """Forget VIDEO: its segments, texts and pictures. Its files are never touched."""
    library = open_library(settings)
    lost = library.would_remove(VideoId(video))
    title = printable(library.video(VideoId(video)).title)
    talk(
        f"{title}: {lost.segments} segments, {lost.captions} captions ({lost.edits} by people) and "
        f"{len(lost.keyframe_paths)} keyframes will be lost."
    )
    talk("The files stay where they are.")
    if not yes:
        click.confirm("Remove it from the library?", abort=True, err=True)
    library.remove(VideoId(video))
    talk(f"Removed {title}.")
    return 0
