"""Filters that no moment passes are told, each in words of its own kind."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from indexer.domain import Caption, Facet, Filters, Fingerprint, MediaInfo, Recipe, VideoId
from indexer.search.query import parse
from indexer.search.unmet import Unmet, find_unmet
from indexer.store import Transaction, open_database, segments, settings, upgrade_schema, videos
from indexer.store.allowed import allowed_segments
from indexer.store.stated_values import known_fields
from indexer.timecode import TimeRange

SECOND = 1_000_000
MEASURED = Recipe("measured/1")
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
FACETS = (
    (Facet("camera", "pan left"), Facet("faces", "1")),
    (Facet("camera", "static"), Facet("faces", "1")),
)


@pytest.fixture(scope="module")
def tx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transaction]:
    """A video of two moments, of which a machine has written."""
    url = f"sqlite:///{tmp_path_factory.mktemp('unmet') / 'library.db'}"
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, MEASURED)
        info, fields = replace(INFO, recorded_at="1987-04-12T09:00:00Z"), {"place": "Lisbon, Portugal"}
        video = videos.add(tx, info=info, fingerprint=Fingerprint(1, "a"), title="Trams", fields=fields)
        spans = [TimeRange(n * 5 * SECOND, (n + 1) * 5 * SECOND) for n in range(2)]
        made = segments.put_segmentation(tx, video, recipe=Recipe("cut/1"), origin="detected", spans=spans, cuts=[])
        captions = [Caption(one.id, "a tram", MEASURED) for one in made]
        segments.put_captions(tx, captions, {one.id: [*some] for one, some in zip(made, FACETS, strict=True)})
        yield tx
    database.close()


def unmet(tx: Transaction, *asked: Filters) -> list[Unmet]:
    passing = None
    for filters in asked:
        rows = allowed_segments(tx, filters)
        passing = rows if passing is None else passing[[row in set(rows.tolist()) for row in passing]]  # type: ignore[union-attr]
    return find_unmet(tx, asked, passing=passing)


def typed(tx: Transaction, text: str) -> Filters:
    return parse(text, known_fields(tx)).filters


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("in:nowhere", "No file here lies in a folder called “nowhere”."),
        ("camera:dolly", "Nothing here is “camera: dolly”; what there is: pan left; static."),
        ("faces:3+", "Nothing here is “faces: 3+”; what there is: 1."),
        ("shot:close-up", "Of nothing here is a “shot” known."),
        ("place:Rome", "Nothing here is “place: Rome”; what there is: Lisbon, Portugal."),
        ("title:Boats", "Nothing here is “title: Boats”; what there is: Trams."),
        ('tag:"a goal"', "Nothing here is tagged “a goal”."),
        ("after:1990", "Nothing here was recorded in 1990 or later; what is here is of 1987-04-12."),
        ("before:1986-12-31", "Nothing here was recorded on 1986-12-31 or earlier; what is here is of 1987-04-12."),
        ("on:1986-12", "Nothing here was recorded in 1986-12; what is here is of 1987-04-12."),
        ("after:1980 before:1985", "Nothing here was recorded from 1980 to 1985; what is here is of 1987-04-12."),
        ("longer:2m30s", "No moment here is as long as 2m30s."),
        ("shorter:1s", "No moment here is as short as 1s."),
        ("longer:6s shorter:7s", "No moment here is between 6s and 7s long."),
        ("by:human", "No text here was written by a person."),
        ("has:description", "No moment here is described by a person."),
        ("has:speech", "Of no moment here is it known what was said."),
        ("has:text", "Of no moment here is it known what stands in the picture."),
        ("-place:Lisbon", "Everything here is “place: Lisbon”."),
    ],
)
def test_each_kind_is_told_in_its_own_words(tx: Transaction, text: str, told: str) -> None:
    (one,) = unmet(tx, typed(tx, f"{text} tram"))
    assert one.told == told
    assert typed(tx, one.typed) == typed(tx, text)


def test_only_what_is_to_blame_is_told(tx: Transaction) -> None:
    blamed = unmet(tx, typed(tx, "camera:static in:nowhere has:caption"), typed(tx, "place:Rome faces:1"))
    assert [one.typed for one in blamed] == ["in:nowhere", "place:Rome"]


def test_filters_that_only_together_let_nothing_pass(tx: Transaction) -> None:
    assert unmet(tx, typed(tx, "camera:static -faces:1 longer:1s")) == unmet(tx, typed(tx, "-faces:1"))
    together = unmet(tx, typed(tx, "camera:static"), typed(tx, "camera:pan"))
    assert together == [Unmet("", "Each filter finds something here, but no moment passes all of them.")]


def test_of_several_values_the_one_in_vain_is_told(tx: Transaction) -> None:
    assert [one.typed for one in unmet(tx, typed(tx, "camera:static camera:dolly"))] == ["camera:dolly"]


def test_what_finds_something_is_not_told(tx: Transaction) -> None:
    assert unmet(tx, typed(tx, "camera:pan camera:static after:1980")) == []
    assert find_unmet(tx, (Filters(),), passing=None) == []


def test_a_video_that_holds_nothing(tx: Transaction) -> None:
    (one,) = unmet(tx, Filters(videos=(VideoId("gone"),)))
    assert (one.typed, one.told) == ("", "The chosen videos have no moments.")
