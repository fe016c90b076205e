"""`shotlist models`: which vision-language models can write captions here, fetching one, and trying one out."""

import click

from indexer.cli.json_lines import print_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings, talk
from indexer.settings import Settings


@click.group("models")
def command() -> None:
    """List, fetch and try out models that write captions.

    They are named by a short name, a Hugging Face name, or a folder; servers are named to `shotlist add` directly.
    """


@command.command("list")
@as_json
@pass_settings
def list_(json: bool, settings: Settings) -> int:
    """List the models with short names, and what else is in the local cache. Nothing is downloaded."""
    from indexer.captioning.vision_language.catalogue.listing import list_models
    from indexer.cli.show_models import model_line, model_lines

    listed = list_models(settings.device)
    if json:
        for model in listed:
            print_line(model_line(model))
        return 0
    for line in model_lines(listed):
        click.echo(line)
    for model in listed:
        if model.problem:
            talk(model.problem)
    auto = next((model.hub for model in listed if model.is_auto), None)
    talk(f"`--captioner auto` takes {printable(auto) if auto else 'measured: no general model that fits is here'}.")
    return 0


@command.command("pull")
@click.argument("name")
def pull(name: str) -> int:
    """Download a model, or go on where a download was cut short.

    Weights as safetensors and small text files only: no pickled weights, and no code.
    """
    from indexer.captioning.vision_language.catalogue.pulling import Offer, pull_model

    def begun(offer: Offer) -> None:
        talk(f"{offer.name} at {offer.revision}: {len(offer.files)} files, {offer.bytes / 1e9:.2f} GB")
        talk(f"Licence: {printable(offer.licence or 'not stated; see its page on the hub')}")

    source = pull_model(name, begun=begun)
    click.echo(f"{source.name}@{source.revision}")
    talk(f"Try it with: shotlist models check {printable(name)}")
    return 0


@command.command("check")
@click.argument("name")
@click.option(
    "--tokens-per-second",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Vision tokens it may spend on a second of video.",
)
@as_json
@pass_settings
def check(name: str, tokens_per_second: float | None, json: bool, settings: Settings) -> int:
    """Load a model, let it caption a segment of the sample footage, and say what that costs."""
    from indexer.cli.check_model import check_line, check_model, checked_lines

    checked = check_model(name, tokens_per_second=tokens_per_second, settings=settings)
    if json:
        print_line(check_line(checked))
    else:
        for line in checked_lines(checked):
            click.echo(line)
    return 0
