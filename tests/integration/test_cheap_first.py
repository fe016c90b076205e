"""What is found when: names at once, what can be measured after one decode, a model's captions when it wrote them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from indexer.bootstrap import open_ingester, open_library
from indexer.domain import Recipe
from indexer.errors import MediaRefused
from indexer.ingest import Ingester
from indexer.ingest.steps import STEPS, Step
from indexer.ingest.task import Task
from indexer.ingest.workbench import Workbench
from indexer.library import Library
from indexer.settings import Settings
from indexer.store import recipes
from indexer.store import settings as stored
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.library import draw_footage


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    draw_footage(folder / "harbour at dawn.mp4", seconds=6)
    draw_footage(folder / "station.mp4", seconds=4)
    return folder


@pytest.fixture
def ingester(tmp_path: Path) -> Ingester:
    """Of a library whose captioner is a model, and a fake."""
    made = open_ingester(Settings(library=tmp_path / "library", lanes=2))
    made.bench.captioners.use("fake", FakeCaptioner())
    with made.bench.database.write() as tx:
        stored.put(tx, "captioner", "fake")
    return replace(made, captioner="fake")


@contextmanager
def adding(ingester: Ingester, footage: Path, *, hold: Callable[[Task], bool]) -> Iterator[None]:
    """Add the footage in another thread; units that `hold` names wait until the block ends."""
    gate = threading.Event()

    def held(step: Step) -> Step:
        def wait_first(bench: Workbench, task: Task) -> None:
            while hold(task) and not gate.wait(0.05):
                task.tell(0.0)
            step(bench, task)

        return wait_first

    waiting = replace(ingester, steps={stage: held(step) for stage, step in STEPS.items()})
    thread = threading.Thread(target=lambda: waiting.add([footage], watch=lambda _: None))
    thread.start()
    try:
        yield
    finally:
        gate.set()
        thread.join()


def count(ingester: Ingester, query: str) -> int:
    with ingester.bench.database.read() as tx:
        return int(tx.execute(text(query)).scalar_one())


def wait_for(ingester: Ingester, query: str, *, least: int) -> None:
    for _ in range(600):
        if count(ingester, query) >= least:
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"never came to be: {query}")


def library(ingester: Ingester) -> Library:
    return open_library(Settings(library=ingester.bench.folder.root))


def test_names_are_found_before_anything_is_decoded(ingester: Ingester, footage: Path) -> None:
    with adding(ingester, footage, hold=lambda task: task.claim.stage == "decoding"):
        wait_for(ingester, "SELECT count(*) FROM work_unit WHERE stage = 'looking' AND state = 'done'", least=2)
        reader = library(ingester)
        (hit,) = [one for one in reader.search("harbour").hits if one.title == "harbour at dawn"]
        assert (hit.start_us, hit.end_us, hit.text) == (0, None, "")
        assert {video.state for video in reader.videos()} == {"incomplete"}
        assert reader.status().videos == 2
    reader = library(ingester)
    (hit,) = [one for one in reader.search("harbour").hits if one.title == "harbour at dawn"]
    assert hit.end_us is not None
    assert {video.state for video in reader.videos()} == {"indexed"}
    assert count(ingester, "SELECT count(*) FROM segment WHERE end_us IS NULL") == 0, "the stand-ins are gone"


def test_what_is_measured_is_found_before_the_model_has_written(ingester: Ingester, footage: Path) -> None:
    with adding(ingester, footage, hold=lambda task: task.claim.captioner == "fake"):
        wait_for(ingester, "SELECT count(*) FROM work_unit WHERE captioner = 'measured' AND state = 'done'", least=2)
        reader = library(ingester)
        assert {hit.recipe for hit in reader.browse()} == {"measured/2"}
        assert reader.facets(), "facets at once"
        assert count(ingester, "SELECT count(*) FROM embedding") == 0, "no vectors for texts that better ones replace"
    assert {hit.recipe for hit in library(ingester).browse()} == {"fake/1"}
    vectors = "SELECT count(*) FROM embedding WHERE layer = 'fake/1' AND vec IS NOT NULL"
    segments = count(ingester, "SELECT count(*) FROM segment")
    assert count(ingester, vectors) == count(ingester, "SELECT count(*) FROM embedding") == segments
    assert count(ingester, "SELECT count(*) FROM caption") == 2 * segments


def test_where_the_model_fails_what_was_measured_is_searched_by_meaning_too(ingester: Ingester, footage: Path) -> None:
    def step(bench: Workbench, task: Task) -> None:
        if task.claim.captioner == "fake":
            raise MediaRefused("refusal", "the model would not say")
        STEPS["captioning"](bench, task)

    held = replace(ingester, steps={**STEPS, "captioning": step})
    report = held.add([footage], watch=lambda _: None)
    assert {one.reason for one in report.files} == {"refusal"}
    assert {hit.recipe for hit in library(ingester).browse()} == {"measured/2"}
    assert count(ingester, "SELECT count(*) FROM embedding WHERE vec IS NOT NULL") == count(
        ingester, "SELECT count(*) FROM segment"
    )
    assert {one.state for one in ingester.add([footage], watch=lambda _: None).files} == {"indexed"}
    assert {hit.recipe for hit in library(ingester).browse()} == {"fake/1"}


def test_a_captioner_asked_for_some_files_is_theirs_alone(ingester: Ingester, footage: Path) -> None:
    ingester.add([footage / "station.mp4"], watch=lambda _: None)
    ingester.bench.captioners.use("other", FakeCaptioner(version=2))
    other = replace(ingester, captioner="other")
    other.add([footage / "harbour at dawn.mp4"], watch=lambda _: None)
    reader = library(ingester)
    assert {(hit.title, hit.recipe) for hit in reader.browse()} == {
        ("station", "fake/1"),
        ("harbour at dawn", "fake/2"),
    }
    assert {video.state for video in reader.videos()} == {"indexed"}


def test_a_priority_raised_while_a_unit_is_in_hand_holds_for_what_follows(ingester: Ingester, footage: Path) -> None:
    with adding(ingester, footage, hold=lambda task: task.claim.stage == "decoding"):
        wait_for(ingester, "SELECT count(*) FROM work_unit WHERE stage = 'decoding' AND state = 'running'", least=2)
        reader = library(ingester)
        video = next(video.id for video in reader.videos() if video.title == "station")
        assert reader.work.prioritise(video, "high") == 1
    high = f"FROM work_unit JOIN video ON video.row = video_row WHERE id = '{video}' AND stage NOT IN ('looking')"
    assert (
        count(ingester, f"SELECT count(*) {high} AND priority = 10") == count(ingester, f"SELECT count(*) {high}") >= 5
    )


def test_captions_that_nobody_here_can_write_are_told_of_and_not_waited_for(ingester: Ingester, footage: Path) -> None:
    with ingester.bench.database.write() as tx:
        recipes.want(tx, Recipe("elsewhere/1"), captioner="/nowhere/a-model")
    report = ingester.add([footage], watch=lambda _: None)
    assert {one.state for one in report.files} == {"indexed"}
    assert any("/nowhere/a-model" in note for note in report.notes)
    assert count(ingester, "SELECT count(*) FROM work_unit WHERE state = 'waiting'") == 2
