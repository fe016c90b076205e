"""A captioner that would not describe a segment: told, searched by another text meanwhile, asked again on request."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path

from indexer.bootstrap import open_ingester, open_library
from indexer.captioning import Clip
from indexer.captioning.base import always_wanted
from indexer.domain import CaptionDraft
from indexer.settings import Settings
from indexer.store import recipes
from indexer.store import settings as stored
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.library import draw_footage
from tests.integration.command_line import run


class Reluctant(FakeCaptioner):
    """Refuses until it is persuaded."""

    persuaded = False

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        for draft in super().captions(clips, wanted=wanted):
            yield draft if self.persuaded else CaptionDraft("", problem="refusal")


def test_what_was_refused_is_captioned_when_it_is_asked_again(tmp_path: Path) -> None:
    folder, footage = tmp_path / "library", tmp_path / "boats.mp4"
    draw_footage(footage, seconds=4)
    ingester, captioner = open_ingester(Settings(library=folder, lanes=1)), Reluctant()
    ingester.bench.captioners.use("reluctant", captioner)
    with ingester.bench.database.write() as tx:
        stored.put(tx, "captioner", "reluctant")
        recipes.want(tx, captioner.recipe, captioner="reluctant")
        stored.prefer(tx, captioner.recipe)
    ingester = replace(ingester, captioner="reluctant")
    ingester.add([footage], watch=lambda _: None)

    library = open_library(Settings(library=folder))
    (video,) = library.videos()
    told = next(line for line in run("recipes", "--json", library=folder).lines if line["recipe"] == captioner.recipe)
    assert told["failed"] == told["segments"] == len(library.segments(video.id)) > 0
    assert {str(hit.recipe).split("/")[0] for hit in library.browse()} == {"measured"}
    assert "would not describe" in run("segments", video.id, library=folder).out

    captioner.persuaded = True
    ingester.work(has=("cpu", "model"), watch=lambda _: None, until="empty")
    assert {str(hit.recipe).split("/")[0] for hit in library.browse()} == {"measured"}, "nobody asked again"
    asked = run("retry", library=folder)
    assert f"{told['segments']} segments are captioned anew" in asked.err
    ingester.work(has=("cpu", "model"), watch=lambda _: None, until="empty")
    assert {hit.recipe for hit in library.browse()} == {captioner.recipe}
