"""Which segments pass a filter, and which words begin so: the same on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import AtLeast, Caption, Facet, Filters, Fingerprint, MediaInfo, Recipe, SegmentId, VideoId
from indexer.store import (
    Transaction,
    allowed,
    cues,
    edits,
    fulltext,
    hits,
    open_database,
    segments,
    settings,
    upgrade_schema,
    videos,
    vocabulary,
    words,
)
from indexer.store.allowed import allowed_segments
from indexer.store.cues import Cue
from indexer.store.places import row_of
from indexer.store.stated_values import known_fields, values_of
from indexer.timecode import TimeRange

SECOND = 1_000_000
MEASURED = Recipe("measured/1")
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
LISBON = ("a tram climbs the hill", "sunrise over the river", "three men at a table")
OSLO = ("a ship at the pier", "sunrises are late in winter")
EVERYTHING = (*LISBON, *OSLO)
FACETS = {
    LISBON[0]: (("camera", "pan left"), ("tag", "Tram 28")),
    LISBON[1]: (("camera", "static"), ("faces", "1")),
    LISBON[2]: (("camera", "static"), ("faces", "3+"), ("tag", "dinner")),
    OSLO[0]: (("camera", "panorama"), ("faces", "2")),
}

STATED: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("camera", "pan", [LISBON[0]]),
    ("Camera", "PAN LEFT", [LISBON[0]]),
    ("camera", "left", []),
    ("faces", "3", [LISBON[2]]),
    ("tag", "tram", [*LISBON]),  # a tag of one moment, and one of the whole video
    ("tag", "dinner", [LISBON[2]]),
    ("place", "lisbon", [*LISBON]),
    ("place", "portugal lisbon", []),
    ("people", "lukasz bielski", [*LISBON]),
    ("people", "bielski ana", [*LISBON]),
    ("place", "Ana Sousa", []),
    ("reel", "bt0431", [*LISBON]),
    ("reel", "BT", EVERYTHING),
    ("shot_date", "1987", [*LISBON]),
    ("recorded", "1987-04-12", [*LISBON]),
    ("recorded", "12.4.1987", [*LISBON]),
    ("recorded", "1987-04", [*LISBON]),
    ("recorded", "May 1988", [*OSLO]),
    ("title", "ONE", [*LISBON]),
    ("title", "oslo", []),
    ("nothing", "x", []),
    ("camera", "%", []),
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, MEASURED)
        lisbon = {"place": "Lisbon, Portugal", "people": "Łukasz Bielski; Ana Sousa", "recorded": "12 April 1987"}
        put(tx, "one", LISBON, fields={**lisbon, "Shot Date": "1987", "reel": "BT-0431", "tags": "city; trams"})
        put(tx, "two", OSLO, fields={"place": "Oslo", "reel": "BT-0999", "recorded": "1988-05", "rolls": "4"})
        yield tx
    database.close()


def put(tx: Transaction, title: str, texts: tuple[str, ...], *, fields: dict[str, str]) -> VideoId:
    video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields=fields)
    segment(tx, video, texts, recipe="content/1", seconds=5)
    return video


def segment(tx: Transaction, video: VideoId, texts: tuple[str, ...], *, recipe: str, seconds: int) -> list[SegmentId]:
    spans = [TimeRange(n * seconds * SECOND, (n + 1) * seconds * SECOND) for n in range(len(texts))]
    made = segments.put_segmentation(tx, video, recipe=Recipe(recipe), origin="detected", spans=spans, cuts=[])
    captions = [Caption(one.id, text, MEASURED) for one, text in zip(made, texts, strict=True)]
    stated = {
        caption.segment: [Facet(name, value) for name, value in FACETS.get(caption.text, ())] for caption in captions
    }
    segments.put_captions(tx, captions, stated)
    return [one.id for one in made]


def passing(tx: Transaction, filters: Filters) -> list[str]:
    rows = allowed_segments(tx, filters)
    assert rows is not None
    assert rows.dtype == np.int64
    assert rows.tolist() == sorted(set(rows.tolist()))
    loaded = hits.load_hits(tx, rows.tolist())
    return [loaded[row].text for row in rows.tolist()]


def stating(*pairs: tuple[str, str]) -> Filters:
    return Filters(facets=tuple(Facet(name, value) for name, value in pairs))


class TestFacets:
    def test_values_are_met_as_they_are_typed(self, tx: Transaction) -> None:
        found = {(name, value): passing(tx, stating((name, value))) for name, value, _ in STATED}
        assert found == {(name, value): [*texts] for name, value, texts in STATED}

    def test_any_value_of_a_name_and_all_names(self, tx: Transaction) -> None:
        assert passing(tx, stating(("camera", "pan"), ("camera", "static"))) == [*LISBON]
        assert passing(tx, stating(("camera", "pan"), ("camera", "static"), ("faces", "1"))) == [LISBON[1]]
        assert passing(tx, stating(("camera", "panorama"), ("place", "lisbon"))) == []

    def test_counts(self, tx: Transaction) -> None:
        """`3+` is three at least; that it is four is not known."""
        assert [len(passing(tx, Filters(at_least=(AtLeast("faces", n),)))) for n in range(5)] == [3, 3, 2, 1, 0]

    def test_counts_of_whole_videos(self, tx: Transaction) -> None:
        assert passing(tx, Filters(at_least=(AtLeast("rolls", 3),))) == [*OSLO]
        assert passing(tx, Filters(at_least=(AtLeast("rolls", 3), AtLeast("faces", 2)))) == [OSLO[0]]

    def test_what_is_left_out(self, tx: Transaction) -> None:
        assert passing(tx, Filters(without=(Facet("camera", "static"),))) == [LISBON[0], *OSLO]
        assert passing(tx, Filters(without=(Facet("place", "lisbon"), Facet("faces", "2+")))) == [OSLO[1]]
        assert passing(tx, Filters(facets=(Facet("tag", "tram"),), without=(Facet("camera", "pan"),))) == [*LISBON[1:]]
        assert passing(tx, Filters(without=(Facet("camera", "dolly"),))) == [*EVERYTHING]

    def test_known_values(self, tx: Transaction) -> None:
        assert values_of(tx, "Camera", most=9) == ("pan left", "panorama", "static")
        assert values_of(tx, "camera", most=2) == ("pan left", "panorama")
        assert values_of(tx, "place", most=9) == ("Lisbon, Portugal", "Oslo")
        assert values_of(tx, "tag", most=9) == ("Tram 28", "city; trams", "dinner")
        assert values_of(tx, "title", most=9) == ("one", "two")
        assert values_of(tx, "movement", most=9) == ()

    def test_when_it_was_recorded(self, tx: Transaction) -> None:
        assert videos.first_and_last_day(tx) is None
        for title, day in (("three", "1987-04-12T10:00:00Z"), ("four", "1991")):
            info = replace(INFO, recorded_at=day)
            videos.add(tx, info=info, fingerprint=Fingerprint(1, title), title=title, fields={})
        assert videos.first_and_last_day(tx) == ("1987-04-12", "1991")

    def test_the_newest_videos_with_what_passes_of_them(self, tx: Transaction) -> None:
        everything = hits.browse_videos(tx, allowed=None, limit=9)
        assert [len(rows) for rows in everything.values()] == [len(OSLO), len(LISBON)]
        assert [row for rows in everything.values() for row in rows] == hits.browse(tx, allowed=None, limit=9)
        assert list(hits.browse_videos(tx, allowed=None, limit=1)) == list(everything)[:1]
        static = allowed_segments(tx, stating(("camera", "static")))
        assert list(hits.browse_videos(tx, allowed=static, limit=9).items()) == [
            (video, rows[1:]) for video, rows in list(everything.items())[1:]
        ]

    def test_known_names(self, tx: Transaction) -> None:
        of_moments, of_videos = {"camera", "tag", "faces"}, {"place", "people", "Shot Date", "reel", "tags", "recorded"}
        assert known_fields(tx) == of_moments | of_videos | {"rolls", "title"}


class TestWhoseTexts:
    def test_by_a_person_or_a_machine(self, tx: Transaction) -> None:
        assert passing(tx, Filters(written_by="machine")) == [*EVERYTHING]
        assert passing(tx, Filters(written_by="human")) == []
        first = segments.details(tx, videos.load(tx)[0].id)[0].segment.id
        edits.write_text(tx, first, "seen from above", author="Ada")
        assert passing(tx, Filters(written_by="human")) == ["seen from above"]
        assert passing(tx, Filters(has=("description",))) == ["seen from above"]
        assert passing(tx, Filters(has=("caption",))) == [*LISBON[1:], *OSLO]
        assert passing(tx, Filters(has=("caption", "description"))) == []


class TestLines:
    def test_what_is_said_counts_for_every_moment_it_overlaps(self, tx: Transaction) -> None:
        one, two = (video.id for video in sorted(videos.load(tx), key=lambda video: video.title))
        cues.replace_cues(tx, row_of(tx, one), "transcript", "x", [Cue(4 * SECOND, 6 * SECOND, "good morning")])
        cues.replace_cues(tx, row_of(tx, two), "transcript", "x", [Cue(5 * SECOND, None, "to the end")])
        cues.replace_cues(tx, row_of(tx, two), "screen_text", "x", [Cue(0, 5 * SECOND, "PIER 7")])
        assert passing(tx, Filters(has=("speech",))) == [LISBON[0], LISBON[1], OSLO[1]]
        assert passing(tx, Filters(has=("screen_text",))) == [OSLO[0]]
        assert passing(tx, Filters(has=("speech", "screen_text"))) == []
        assert passing(tx, Filters(has=("speech",), facets=(Facet("camera", "static"),))) == [LISBON[1]]

    def test_phrases_are_found_in_what_is_said(self, tx: Transaction) -> None:
        one = next(video.id for video in videos.load(tx) if video.title == "one")
        cues.replace_cues(
            tx, row_of(tx, one), "transcript", "x", [Cue(0, 6 * SECOND, "on 12 April 1987, good morning")]
        )
        loaded = hits.load_hits(tx, fulltext.phrase_segments(tx, "good morning").tolist())
        assert sorted(hit.text for hit in loaded.values()) == sorted(LISBON[:2])
        assert len(fulltext.phrase_segments(tx, "morning good")) == 0

    def test_nothing_is_said(self, tx: Transaction) -> None:
        assert passing(tx, Filters(has=("speech",))) == []


class TestSegmentations:
    @pytest.mark.parametrize("few", [allowed._FEW, 0], ids=["few", "many"])
    def test_only_active_segments_pass(self, tx: Transaction, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
        monkeypatch.setattr(allowed, "_FEW", few)
        video = next(one.id for one in videos.load(tx) if one.title == "one")
        segment(tx, video, ("a cat", LISBON[2]), recipe="content/2", seconds=7)
        assert passing(tx, stating(("camera", "static"))) == [LISBON[2]]
        assert passing(tx, Filters(longer_us=6 * SECOND)) == ["a cat", LISBON[2]]
        assert passing(tx, Filters(shorter_us=6 * SECOND, without=(Facet("camera", "panorama"),))) == [OSLO[1]]
        assert passing(tx, Filters(videos=(video,), longer_us=1)) == ["a cat", LISBON[2]]


class TestDates:
    def test_a_day_in_any_form_is_found_in_any_form(self, tx: Transaction) -> None:
        one = row_of(tx, next(video.id for video in videos.load(tx) if video.title == "one"))
        for typed in ("12 April 1987", "April 12, 1987", "12.4.1987", "12/04/1987", "19870412"):
            [token] = words.dated_tokens(typed)
            assert [row for row, _ in fulltext.match_videos(tx, [token.stem], limit=9)] == [one], typed
            assert len(fulltext.phrase_segments(tx, typed)) == len(LISBON), typed

    def test_a_month_finds_its_days(self, tx: Transaction) -> None:
        [token] = words.dated_tokens("1987-04")
        assert len(fulltext.match_videos(tx, [token.stem], limit=9)) == 1
        assert len(fulltext.phrase_segments(tx, "May 1988")) == len(OSLO)


def test_identifiers_find_each_other_as_words_and_in_quotes(tx: Transaction) -> None:
    spellings = ("BT0777", "bt 0777", "BT-0777", "bt_0777", "BT.0777")
    made = {row_of(tx, put(tx, stored, (f"box {stored}",), fields={"roll": stored})) for stored in spellings}
    for typed in spellings:
        stems = [token.stem for token in words.dated_tokens(typed)]
        assert made <= dict(fulltext.match_videos(tx, stems, limit=9)).keys(), typed
        assert made == set(fulltext.phrase_videos(tx, typed)), typed
        assert len(passing(tx, stating(("roll", typed)))) == len(spellings), typed


class TestVocabulary:
    def test_words_that_begin_so(self, tx: Transaction) -> None:
        assert vocabulary.words_beginning(tx, "sunris", 9) == {"sunrise": 1, "sunrises": 1}
        assert vocabulary.words_beginning(tx, "ŁUK", 9) == {"lukasz": 1}

    def test_the_most_frequent_first(self, tx: Transaction) -> None:
        put(tx, "three", ("sunrises", "a sunrise beyond all sunrises"), fields={})
        assert list(vocabulary.words_beginning(tx, "sun", 9).items()) == [("sunrises", 3), ("sunrise", 2)]
        assert vocabulary.words_beginning(tx, "sun", 1) == {"sunrises": 3}

    def test_words_of_lines_count(self, tx: Transaction) -> None:
        [video, *_] = videos.load(tx)
        cues.replace_cues(tx, row_of(tx, video.id), "transcript", "x", [Cue(0, SECOND, "sundials")])
        assert vocabulary.words_beginning(tx, "sund", 9) == {"sundials": 1}

    def test_nothing_begins_so(self, tx: Transaction) -> None:
        for prefix in ("", "zzz", "'", "sun'", "sun:*", "%", "a b", "\\", "sun*", "\0", "½½½"):
            assert vocabulary.words_beginning(tx, prefix, 9) == {}, prefix
