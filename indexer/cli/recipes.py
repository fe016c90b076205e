"""`shotlist recipes`: what writes captions, how far each is, and the switch from one to another."""

from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import Json, print_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings, talk
from indexer.library import RecipeCoverage, SpaceCoverage
from indexer.settings import Settings
from indexer.timecode import short_duration


@click.group("recipes", invoke_without_command=True)
@as_json
@pass_settings
@click.pass_context
def command(context: click.Context, json: bool, settings: Settings) -> int:
    """List what has written captions or is to write some; `use` switches from one to another.

    A segment is searched by what a person wrote, else by the first of these that has a caption of it.
    """
    if context.invoked_subcommand is not None:
        if any(context.params.values()):
            raise click.UsageError(f"write the options after `{context.invoked_subcommand}`")
        return 0
    texts = open_library(settings).texts
    found = texts.recipes()
    if json:
        for one in found:
            print_line(_line(one))
        return 0
    _show(found)
    _tell(found)
    for embedder in texts.embedders():
        talk(_embedder(embedder))
    return 0


def _tell(found: Sequence[RecipeCoverage]) -> None:
    """What is remarkable of some of them."""
    for one in found:
        if one.empty > one.failed:
            nothing = one.empty - one.failed
            talk(f"{one.number} had nothing to say about {nothing} segments; another text is searched there.")
        if one.failed:
            talk(f"{one.number} gave no caption of {one.failed} segments; see: shotlist segments, then: shotlist retry")
        if one.tokens_read:
            talk(f"{one.number} cost {one.tokens_read:,} tokens read and {one.tokens_written:,} written.")
        if one.failed_units:
            talk(f"{one.failed_units} pieces of {one.number} failed; see: shotlist failures, then: shotlist retry")


@command.command("use")
@click.argument("recipe", metavar="NUMBER|NAME")
@as_json
@pass_settings
def use(recipe: str, json: bool, settings: Settings) -> int:
    """Search the captions of this recipe first, and have new footage captioned by it. Going back is the same."""
    used = open_library(settings).texts.use_recipe(recipe)
    if json:
        print_line(_line(used))
        return 0
    talk(f"Searched first: {printable(used.recipe)}, which covers {_percent(used)} of the segments.")
    if used.segments < used.of_segments and used.captioner is not None:
        talk(f"For the rest: shotlist recaption --captioner {printable(used.captioner)}")
    return 0


def _line(one: RecipeCoverage) -> Json:
    return {**asdict(one), "eta_us": one.eta_us}


def _show(found: Sequence[RecipeCoverage]) -> None:
    """A recipe is too long for a column: each has a line of how it stands, and its name and captioner below that."""
    console = Console(highlight=False)
    for one in found:
        stands = f"{_use(one)}, {_percent(one)} of {one.of_segments} segments, {one.videos} of {one.of_videos} videos"
        cost = (
            f"{short_duration(one.cost_us)} of work for {short_duration(one.media_us)} of footage"
            if one.media_us
            else ""
        )
        console.print(
            Text.assemble((str(one.number), "cyan"), "  ", ("; ".join(filter(None, (stands, cost, _left(one))))))
        )
        console.print(Padding(Text(printable(one.recipe), "bold"), (0, 0, 0, 3)))
        if one.captioner:
            console.print(Padding(Text(f"by {printable(one.captioner)}", "dim"), (0, 0, 0, 3)))


def _use(one: RecipeCoverage) -> str:
    if one.place == 1:
        return "searched first"
    searched = "searched" if one.place is not None else "beside"
    return f"{searched}, first when complete" if one.coming else searched


def _embedder(one: SpaceCoverage) -> str:
    use = "are searched by" if one.searched else "will be searched, when it is complete, by"
    return (
        f"{one.sort.capitalize()} {use} {printable(one.embedder)}: {int(100 * one.share)} % of {one.of} have a vector."
    )


def _left(one: RecipeCoverage) -> str:
    if not one.open_units:
        return ""
    left = f"left: {short_duration(one.open_media_us)} of footage"
    return left if one.eta_us is None else f"{left}, about {short_duration(one.eta_us)} for one worker"


def _percent(one: RecipeCoverage) -> str:
    """Rounded down: 100 % means all."""
    return f"{int(100 * one.share)} %"
