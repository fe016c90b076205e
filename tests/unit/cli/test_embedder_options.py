import click
import pytest
from click.testing import CliRunner

from indexer.cli.embedder_options import embedder_options
from indexer.cli.session import pass_settings
from indexer.settings import Settings


@click.command()
@pass_settings
@embedder_options
def command(settings: Settings) -> None:
    click.echo(f"{settings.library} {settings.embedder} {settings.image_embedder}")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "here None None"),
        (["--embedder", "someone/words"], "here someone/words None"),
        (["--image-embedder", "none", "--embedder", "minilm"], "here minilm none"),
    ],
)
def test_what_is_asked_for_is_noted_in_the_settings(given: list[str], told: str) -> None:
    assert CliRunner().invoke(command, ["--library", "here", *given]).output == f"{told}\n"


def test_the_environment_says_it_where_no_option_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_EMBEDDER", "someone/words")
    monkeypatch.setenv("SHOTLIST_IMAGE_EMBEDDER", "someone/pictures")
    ran = CliRunner().invoke(command, ["--library", "here", "--embedder", "minilm"])
    assert ran.output == "here minilm someone/pictures\n"
