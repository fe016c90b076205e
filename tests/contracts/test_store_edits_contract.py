"""What people do to texts, on SQLite and on a real PostgreSQL server: it is found, it stays, it can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.domain import Decoded, Fingerprint, Recipe, Segment, SegmentId, VideoId
from indexer.errors import UsageError
from indexer.store import Transaction, edits, fulltext, open_database, segments, settings, upgrade_schema, videos
from indexer.store.stand_ins import drop_stand_in, put_stand_in
from tests.fakes.captioned_library import INFO, MEASURED, SECOND, caption, cut, deeds, put_video, searched, texts_of

MODEL = Recipe("model/1")
OTHER_CUTS, THIRD_CUTS = Recipe("content/2"), Recipe("content/3")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, MEASURED)
        settings.prefer(tx, MODEL)
        yield tx
    database.close()


@pytest.fixture
def film(tx: Transaction) -> tuple[VideoId, list[Segment]]:
    """Ten seconds twice, each with a measured text, the first with a model's too."""
    video, made = put_video(tx, "film", seconds=[0, 10, 20])
    caption(tx, MEASURED, {one.id: f"measured {number}" for number, one in enumerate(made)})
    caption(tx, MODEL, {made[0].id: "a boat"})
    return video, made


def found(tx: Transaction, *stems: str) -> list[str]:
    return texts_of(tx, [row for row, _ in fulltext.match_segments(tx, stems, limit=9, allowed=None)])


class TestWritingAndTakingBack:
    def test_the_last_text_of_a_person_is_searched(self, tx: Transaction, film: tuple[VideoId, list[Segment]]) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "a red\nferry\t\x07leaves", author="Ada")
        assert searched(tx, video) == ["a red ferry leaves", "measured 1"]
        assert found(tx, "ferri") == ["a red ferry leaves"]
        assert found(tx, "boat") == []
        edits.write_text(tx, first.id, "a tug", author="Ben")
        assert searched(tx, video)[0] == "a tug"
        kept = [one.text for one in segments.details(tx, video)[0].captions]
        assert kept[0] == "a tug"
        assert {*kept} >= {"a boat", "a red ferry leaves"}

    def test_undo_goes_back_step_by_step(self, tx: Transaction, film: tuple[VideoId, list[Segment]]) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "one", author="Ada")
        edits.write_text(tx, first.id, "two", author="Ada")
        edits.reject(tx, first.id, author="Ben")
        seen = [searched(tx, video)[0]]
        for _ in range(3):
            edits.undo(tx, first.id, author="Cy")
            seen.append(searched(tx, video)[0])
        assert seen == ["one", "two", "one", "a boat"]
        with pytest.raises(UsageError, match="not undone"):
            edits.undo(tx, first.id, author="Cy")
        assert deeds(tx, first.id) == [("write", "one", True), ("write", "two", True), ("reject", "two", True)]
        assert {(one.author, one.undone_by) for one in edits.history(tx, first.id)} == {("Ada", "Cy"), ("Ben", "Cy")}

    def test_after_an_undo_the_next_one_takes_back_what_came_since(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "one", author="Ada")
        edits.undo(tx, first.id, author="Ada")
        edits.write_text(tx, first.id, "two", author="Ada")
        assert edits.undo(tx, first.id, author="Ada").text == "two"
        assert searched(tx, video)[0] == "a boat"

    def test_rejecting_falls_to_the_next_layer_and_then_to_nothing(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.reject(tx, first.id, author="Ada")
        assert searched(tx, video)[0] == "measured 0"
        edits.reject(tx, first.id, author="Ada")
        assert searched(tx, video)[0] == ""
        with pytest.raises(UsageError, match="nothing to reject"):
            edits.reject(tx, first.id, author="Ada")
        edits.undo(tx, first.id, author="Ada")
        assert searched(tx, video)[0] == "measured 0"

    def test_what_is_rejected_stays_so_through_every_captioning(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.reject(tx, first.id, author="Ada")
        caption(tx, MODEL, {first.id: "a boat"})
        caption(tx, Recipe("model/2"), {first.id: "a ship"})
        settings.prefer(tx, Recipe("model/2"))
        assert searched(tx, video)[0] == "a ship"
        settings.prefer(tx, MODEL)
        assert searched(tx, video)[0] == "a ship", "its caption by this recipe was rejected"
        edits.write_text(tx, first.id, "mine", author="Ada")
        settings.prefer(tx, Recipe("model/2"))
        assert searched(tx, video)[0] == "mine"

    def test_what_makes_no_sense_is_told(self, tx: Transaction, film: tuple[VideoId, list[Segment]]) -> None:
        _, (first, _) = film
        for act in (edits.reject, edits.undo):
            with pytest.raises(UsageError, match="no segment 's0'"):
                act(tx, SegmentId("s0"), author="Ada")
        with pytest.raises(UsageError, match="needs words"):
            edits.write_text(tx, first.id, " \n\x00", author="Ada")
        with pytest.raises(UsageError, match="20000 characters"):
            edits.write_text(tx, first.id, "x" * 20_001, author="Ada")
        with pytest.raises(UsageError, match="--author"):
            edits.write_text(tx, first.id, "x", author=" ")
        with pytest.raises(UsageError, match="not undone"):
            edits.undo(tx, first.id, author="Ada")
        assert edits.history(tx, first.id) == []


class TestNewSegmentations:
    def test_a_text_applies_to_the_segment_most_like_its_span(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "mine", author="Ada")
        new = cut(tx, video, 0, 2, 11, 20, recipe=OTHER_CUTS)
        assert searched(tx, video) == ["", "mine", ""]
        assert deeds(tx, new[1].id) == [("write", "mine", False)]
        assert deeds(tx, first.id) == [("write", "mine", False)], "it is known by its old segment, too"

    def test_its_own_span_counts_however_often_it_moved(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "mine", author="Ada")
        cut(tx, video, 0, 4, 13, 20, recipe=OTHER_CUTS)  # 6 s of 13 s: not the same
        assert searched(tx, video) == ["", "mine", "", ""]
        cut(tx, video, 0, 7, 20, recipe=THIRD_CUTS)
        assert searched(tx, video) == ["mine", ""]
        cut(tx, video, 0, 4, 14, 20, recipe=THIRD_CUTS)
        assert searched(tx, video) == ["", "mine", "", ""]
        cut(tx, video, 0, 10, 20)
        assert searched(tx, video) == ["mine", "measured 1"]

    def test_a_text_without_a_counterpart_keeps_a_segment_of_its_own(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "mine", author="Ada")
        new = cut(tx, video, 0, 3, 6, 20, recipe=OTHER_CUTS)
        listed = [detail.segment for detail in segments.details(tx, video)]
        assert [(one.start_us // SECOND, (one.end_us or 0) // SECOND) for one in listed] == [
            (0, 3),
            (0, 10),
            (3, 6),
            (6, 20),
        ]
        assert found(tx, "mine") == ["mine"]
        active = segments.active(tx, video)
        assert active is not None
        assert list(active.segments) == new
        assert segments.uncaptioned(tx, video, MODEL) == new, "nobody captions what stands beside"
        segments.plan_keyframes(tx, video, [(1,), (4 * SECOND,), (7 * SECOND,)])
        moments = [one.keyframe_us for one in segments.without_keyframe(tx, video)]
        assert moments == [1, 4 * SECOND, 5 * SECOND, 7 * SECOND]

    def test_it_is_listed_for_as_long_as_its_text_is_to_be_seen(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, (first, _) = film
        edits.write_text(tx, first.id, "mine", author="Ada")
        cut(tx, video, 0, 3, 6, 20, recipe=OTHER_CUTS)
        edits.reject(tx, first.id, author="Ada")
        assert searched(tx, video) == ["", "", ""], "its old captions are not searched beside the new segments"
        edits.undo(tx, first.id, author="Ada")
        assert searched(tx, video) == ["", "mine", "", ""]
        edits.undo(tx, first.id, author="Ada")
        assert searched(tx, video) == ["", "", ""]

    def test_texts_that_come_together_keep_their_order(
        self, tx: Transaction, film: tuple[VideoId, list[Segment]]
    ) -> None:
        video, _ = film
        short = cut(tx, video, 0, 11, 20, recipe=OTHER_CUTS)
        edits.write_text(tx, short[0].id, "older", author="Ada")
        long = cut(tx, video, 0, 12, 20, recipe=THIRD_CUTS)
        edits.write_text(tx, long[0].id, "newer", author="Ada")
        (first, *_) = cut(tx, video, 0, 10, 20)
        assert searched(tx, video) == ["newer", "measured 1"]
        edits.undo(tx, first.id, author="Ada")
        assert searched(tx, video) == ["older", "measured 1"]
        cut(tx, video, 0, 12, 20, recipe=THIRD_CUTS)
        assert deeds(tx, long[0].id) == [("write", "older", False), ("write", "newer", True)]

    def test_a_segment_may_lose_its_text_to_another_one(self, tx: Transaction) -> None:
        """It falls to its next text in the same moment: one text is never searched in two places."""
        video, (long, _) = put_video(tx, "other", seconds=[0, 11, 20])
        (short, _) = cut(tx, video, 0, 10, 20, recipe=OTHER_CUTS)
        caption(tx, MEASURED, {short.id: "measured"})
        edits.write_text(tx, long.id, "mine", author="Ada")
        assert searched(tx, video) == ["mine", ""]
        both = [short.span, long.span]
        segments.put_segmentation(tx, video, recipe=THIRD_CUTS, origin="imported", spans=both, cuts=[])
        assert searched(tx, video) == ["measured", "mine"]
        cut(tx, video, 0, 10, 20, recipe=OTHER_CUTS)
        assert searched(tx, video) == ["mine", ""]

    def test_a_text_about_a_video_that_was_not_cut_yet_outlives_the_cut(self, tx: Transaction) -> None:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(2, "new"), title="new", fields={})
        put_stand_in(tx, video)
        (whole,) = [detail.segment for detail in segments.details(tx, video)]
        edits.write_text(tx, whole.id, "all of it", author="Ada")
        assert searched(tx, video) == ["all of it"]
        videos.set_decoded(tx, video, Decoded(200, 20 * SECOND, None))
        cut(tx, video, 0, 6, 13, 20)
        drop_stand_in(tx, video)
        assert sorted(searched(tx, video)) == ["", "", "", "all of it"]
        kept = next(detail.segment for detail in segments.details(tx, video) if detail.active)
        assert (kept.start_us, kept.end_us) == (0, 20 * SECOND)
        cut(tx, video, 0, 20, recipe=OTHER_CUTS)
        assert searched(tx, video) == ["all of it"]
        assert deeds(tx, kept.id) == [("write", "all of it", False)]
