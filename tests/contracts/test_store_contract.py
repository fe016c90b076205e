"""The store's promises, kept by SQLite and by a real PostgreSQL server alike."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import (
    Caption,
    Cut,
    Decoded,
    Facet,
    Fingerprint,
    IndexManifest,
    Keyframe,
    MediaInfo,
    Recipe,
    Segment,
    VideoId,
)
from indexer.errors import LibraryError, UsageError
from indexer.store import (
    Database,
    Transaction,
    checks,
    embeddings,
    fulltext,
    hits,
    jobs,
    open_database,
    segments,
    settings,
    spools,
    upgrade_schema,
    videos,
)
from indexer.store.jobs import NewUnit
from indexer.timecode import StartTimecode, TimeRange

SECOND = 1_000_000
MEASURED, CONTENT = Recipe("measured/1"), Recipe("content/1 threshold=27")
SPACE = "fake/1 d=3"
INFO = MediaInfo(
    container="mov",
    codec="h264",
    stream_index=0,
    width=1920,
    height=1080,
    rotation=90,
    rate=Fraction(30000, 1001),
    average_rate=Fraction(2997, 100),
    claimed_duration_us=9 * SECOND,
    start_timecode=StartTimecode("01:00:00;00"),
    recorded_at="2024-05-12T10:11:12",
    title=None,
    audio_codec="aac",
    pixel_format="yuv420p",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    yield database
    database.close()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.write() as tx:
        yield tx


@dataclass
class Shelf:
    """A library being filled: a video a call, ten seconds a segment."""

    tx: Transaction
    count: int = 0

    def add(self, title: str, *texts: str, fields: dict[str, str] | None = None, recipe: Recipe = MEASURED) -> VideoId:
        self.count += 1
        fingerprint = Fingerprint(self.count, f"samples {self.count}")
        video = videos.add(self.tx, info=INFO, fingerprint=fingerprint, title=title, fields=fields or {})
        spans = [TimeRange(number * 10 * SECOND, (number + 1) * 10 * SECOND) for number in range(len(texts))]
        made = segments.put_segmentation(self.tx, video, recipe=CONTENT, origin="detected", spans=spans, cuts=[])
        settings.prefer(self.tx, recipe, place="last")
        self.caption(made, *texts, recipe=recipe)
        return video

    def caption(self, listed: list[Segment], *texts: str, recipe: Recipe = MEASURED) -> None:
        pairs = zip(listed, texts, strict=True)
        segments.put_captions(self.tx, [Caption(segment.id, text, recipe) for segment, text in pairs], {})

    def segments(self, video: VideoId) -> list[Segment]:
        return [detail.segment for detail in segments.details(self.tx, video)]

    def embed(self, video: VideoId | None = None) -> list[int]:
        """Give every searched text without a vector one; returns the new rows."""
        embeddings.ensure_space(self.tx, SPACE, 3)
        waiting = embeddings.unembedded(self.tx, SPACE, video=video, limit=1000)
        before = embeddings.change_seq(self.tx, SPACE)
        vectors = np.eye(3, dtype=np.float32)[[one.caption_row % 3 for one in waiting]]
        embeddings.put_vectors(self.tx, SPACE, [(one.caption_row, one.layer) for one in waiting], vectors)
        layers = embeddings.layers(self.tx, SPACE)
        return [
            int(row) for layer in layers for row in embeddings.changes(self.tx, SPACE, layer, after_seq=before).rows
        ]


@pytest.fixture
def shelf(tx: Transaction) -> Shelf:
    return Shelf(tx)


def texts_of(tx: Transaction, rows: object) -> list[str]:
    listed = [int(row) for row in rows]  # type: ignore[attr-defined]
    loaded = hits.load_hits(tx, listed)
    return [loaded[row].text for row in listed]


class TestVideos:
    def test_a_video_comes_back_as_it_was_put(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("Harbour", "a boat", fields={"reel": "BT-0431"})
        loaded = videos.load(tx, [video])[0]
        assert (loaded.rate, loaded.start_timecode) == (INFO.rate, INFO.start_timecode)
        assert (loaded.state, loaded.duration_us, loaded.complete) == ("offline", None, False)
        assert videos.fields(tx, video) == {"reel": "BT-0431"}
        videos.set_decoded(tx, video, Decoded(270, 9 * SECOND, None))
        videos.finish(tx, video)
        assert (videos.load(tx)[0].complete, videos.load(tx)[0].duration_us) == (True, 9 * SECOND)

    def test_content_is_known_again(self, tx: Transaction) -> None:
        fingerprint = Fingerprint(5, "abc")
        assert videos.find(tx, fingerprint) is None
        first = videos.add(tx, info=INFO, fingerprint=fingerprint, title="one", fields={})
        assert videos.add(tx, info=INFO, fingerprint=fingerprint, title="two", fields={}) == first
        assert videos.find(tx, fingerprint) == first
        assert [video.title for video in videos.load(tx)] == ["one"]

    def test_videos_come_in_order_of_their_titles(self, shelf: Shelf, tx: Transaction) -> None:
        for title in ("zebra", "Émile", "apple", "Łódź"):
            shelf.add(title)
        assert [video.title for video in videos.load(tx)] == ["apple", "Émile", "Łódź", "zebra"]

    def test_text_that_no_database_holds_is_made_holdable(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("a\0b \udce9", "nul \0 here", fields={"n\0": "\ud800"})
        assert videos.load(tx, [video])[0].title == "a\ufffdb \ufffd"
        assert videos.fields(tx, video) == {"n\ufffd": "\ufffd"}

    def test_unknown_videos_are_named(self, tx: Transaction) -> None:
        with pytest.raises(UsageError, match="vnone"):
            videos.remove(tx, VideoId("vnone"))
        assert videos.load(tx, [VideoId("vnone")]) == []


class TestSegments:
    def test_segmenting_again_is_the_same(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one", "two")
        cuts = [Cut(9 * SECOND, 10 * SECOND, "dissolve", 0.5)]
        spans = [segment.span for segment in shelf.segments(video)]
        for _ in range(2):
            made = segments.put_segmentation(tx, video, recipe=CONTENT, origin="detected", spans=spans, cuts=cuts)
        active = segments.active(tx, video)
        assert active is not None
        assert (list(active.segments), list(active.cuts), active.recipe) == (made, cuts, CONTENT)
        assert [detail.captions[0].text for detail in segments.details(tx, video)] == ["one", "two"]

    def test_only_the_active_segmentation_is_searched_and_its_texts_come_back(self, shelf: Shelf) -> None:
        tx, video = shelf.tx, shelf.add("clip", "red fox", "red hen")
        first = [segment.span for segment in shelf.segments(video)]
        fixed = [TimeRange(0, 10 * SECOND), TimeRange(10 * SECOND, 14 * SECOND)]
        segments.put_segmentation(tx, video, recipe=Recipe("fixed/4"), origin="fixed", spans=fixed, cuts=[])
        assert self.found(tx) == ["red fox"]
        assert [segment.start_us for segment in segments.uncaptioned(tx, video, MEASURED)] == [10 * SECOND]
        segments.put_segmentation(tx, video, recipe=CONTENT, origin="detected", spans=first, cuts=[])
        assert sorted(self.found(tx)) == ["red fox", "red hen"]

    def test_captions_are_written_once(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "first words")
        shelf.caption(shelf.segments(video), "other words")
        assert [caption.text for caption in segments.details(tx, video)[0].captions] == ["first words"]

    def test_an_empty_caption_is_kept_and_never_searched(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "")
        assert segments.uncaptioned(tx, video, MEASURED) == []
        assert fulltext.document_count(tx, of="segments") == 0
        assert shelf.embed() == []

    def test_the_preferred_recipe_is_searched_and_going_back_is_one_step(self, shelf: Shelf, tx: Transaction) -> None:
        video, better = shelf.add("clip", "red fox", "red hen"), Recipe("vlm/2")
        shelf.caption(shelf.segments(video), "a vixen, red", "", recipe=better)
        assert sorted(self.found(tx)) == ["red fox", "red hen"]
        settings.prefer(tx, better)
        assert settings.preference(tx) == [better, MEASURED]
        assert sorted(self.found(tx)) == ["a vixen, red", "red hen"]
        settings.prefer(tx, MEASURED)
        assert sorted(self.found(tx)) == ["red fox", "red hen"]

    def test_what_a_person_wrote_last_comes_first(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "red fox")
        segment = shelf.segments(video)[0]
        edits = [Caption(segment.id, text, Recipe("human"), ordinal) for ordinal, text in enumerate(("red", "red dog"))]
        segments.put_captions(tx, edits, {})
        assert self.found(tx) == ["red dog"]
        assert videos.remove(tx, video).edits == 2

    def test_facets_are_replaced_by_their_own_recipe(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one")
        segment, still, moving = shelf.segments(video)[0], Facet("camera", "still"), Facet("camera", "pan")
        for facets in ([moving], [still, still]):
            segments.put_captions(tx, [Caption(segment.id, "one", MEASURED)], {segment.id: facets})
        assert segments.details(tx, video)[0].facets == (still,)
        assert hits.facet_counts(tx) == {"camera": {"still": 1}}
        with pytest.raises(ValueError, match="need a caption"):
            segments.put_captions(tx, [], {segment.id: [moving]})

    def test_keyframes_are_planned_then_taken(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one", "two")
        assert [one.keyframe_us for one in segments.without_keyframe(tx, video)] == [5 * SECOND, 15 * SECOND]
        segments.plan_keyframes(tx, video, [(1,), (11 * SECOND,)])
        planned = segments.without_keyframe(tx, video)
        assert [one.keyframe_us for one in planned] == [1, 11 * SECOND]
        keyframe = Keyframe(planned[0].id, 1, Recipe("sharp/1"), "keyframes/a.jpg")
        for taken in (keyframe, replace(keyframe, t_us=2)):
            segments.put_keyframes(tx, [taken])
        assert segments.without_keyframe(tx, video) == planned[1:]
        assert segments.details(tx, video)[0].keyframes == (replace(keyframe, t_us=2),)
        assert videos.remove(tx, video).keyframe_paths == ("keyframes/a.jpg",)

    def test_a_segment_has_several_keyframes_the_first_stands_for_it(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one", "two")
        segments.plan_keyframes(tx, video, [(7, 1), (12 * SECOND,)])
        planned = segments.without_keyframe(tx, video)
        assert [(one.keyframe_us, one.ordinal) for one in planned] == [(1, 1), (7, 0), (12 * SECOND, 0)]
        made = [
            Keyframe(
                one.id, one.keyframe_us, Recipe("sharp/1"), f"keyframes/{number}.jpg", one.ordinal, b"tiny", bytes(8)
            )
            for number, one in enumerate(planned)
        ]
        segments.put_keyframes(tx, made[:1])
        assert segments.without_keyframe(tx, video) == planned[1:]
        segments.put_keyframes(tx, made[1:])
        assert segments.details(tx, video)[0].keyframes == (made[1], made[0])
        spans = [segment.span for segment in shelf.segments(video)]
        segments.put_segmentation(tx, video, recipe=CONTENT, origin="detected", spans=spans, cuts=[])
        segments.plan_keyframes(tx, video, [(7,), (12 * SECOND,)])
        assert segments.without_keyframe(tx, video) == []
        kept = [detail.keyframes for detail in segments.details(tx, video)]
        assert kept == [(made[1],), (made[2],)], "the one that is planned no more is forgotten"
        assert checks.recorded_paths(tx, [one.path for one in made]) == {made[1].path, made[2].path}

    def test_scenes_are_those_of_the_segmentation(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one", "two")
        spans = [segment.span for segment in shelf.segments(video)]
        assert [detail.scene for detail in segments.details(tx, video)] == [None, None]
        for scenes in ([TimeRange(0, spans[-1].end_us)], spans):
            segments.put_scenes(tx, video, scenes)
            active = segments.active(tx, video)
            assert active is not None
            assert active.scenes == tuple(scenes)
        assert [detail.scene for detail in segments.details(tx, video)] == [1, 2]
        segments.put_segmentation(tx, video, recipe=CONTENT, origin="detected", spans=spans, cuts=[])
        assert [detail.scene for detail in segments.details(tx, video)] == [None, None]

    def test_a_spool_lasts_as_long_as_there_is_use_for_it(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one")
        assert spools.path_of(tx, video) is None
        jobs.put(tx, [NewUnit("k", "keyframes", 1, {}, video=video)])
        spools.put(tx, video, path="spool/a.spool", size=7)
        assert (spools.path_of(tx, video), spools.used_up(tx)) == ("spool/a.spool", [])
        spools.put(tx, video, path="spool/b.spool", size=7)
        assert spools.paths_of(tx, video) == ["spool/b.spool", "spool/a.spool"]
        assert spools.path_of(tx, video) == "spool/b.spool"
        spools.forget(tx, ["spool/b.spool"])
        assert videos.count_for_removal(tx, video).keyframe_paths == ()
        jobs.forget_units(tx, video)
        assert spools.used_up(tx) == ["spool/a.spool"]
        spools.forget(tx, ["spool/a.spool"])
        assert (spools.path_of(tx, video), spools.used_up(tx)) == (None, [])

    def test_counts(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one", "two")
        videos.set_decoded(tx, video, Decoded(600, 20 * SECOND, INFO.rate))
        shelf.embed()
        assert segments.counts(tx) == segments.StoreCounts(1, 2, 2, 2, 20 * SECOND)
        segment = shelf.segments(video)[0]
        assert segments.find(tx, segment.id) == segment

    def found(self, tx: Transaction) -> list[str]:
        return texts_of(tx, [row for row, _ in fulltext.match_segments(tx, ["red"], limit=9, allowed=None)])


class TestRemoving:
    def test_nothing_stays_of_a_removed_video(self, shelf: Shelf, tx: Transaction) -> None:
        gone, kept = shelf.add("Harbour", "a boat", "a gull"), shelf.add("Meadow", "a cow")
        rows = shelf.embed()
        seq = embeddings.change_seq(tx, SPACE)
        assert videos.count_for_removal(tx, gone) == videos.remove(tx, gone) == videos.Removed(2, 2, 0, ())
        assert [video.id for video in videos.load(tx)] == [kept]
        assert fulltext.match_segments(tx, ["boat", "gull"], limit=9, allowed=None) == []
        assert fulltext.match_videos(tx, ["harbour"], limit=9) == []
        assert fulltext.known_words(tx, ["boat", "harbour", "cow", "meadow"]) == {"cow": 1, "meadow": 1}
        changes = embeddings.changes(tx, SPACE, MEASURED, after_seq=seq)
        assert (changes.removed.tolist(), changes.rows.tolist()) == (rows[:2], [])
        assert [one.row for one in embeddings.resolve(tx, rows)] == rows[2:]


class TestVectors:
    def test_a_vector_comes_back_bit_for_bit(self, shelf: Shelf, tx: Transaction) -> None:
        shelf.add("clip", "one", "two")
        embeddings.ensure_space(tx, SPACE, 3)
        waiting = embeddings.unembedded(tx, SPACE, video=None, limit=9)
        vectors = np.array([[0.1, 1e-30, -3], [1, 2, 3]], np.float32)
        embeddings.put_vectors(tx, SPACE, [(one.caption_row, one.layer) for one in waiting], vectors)
        changes = embeddings.changes(tx, SPACE, MEASURED, after_seq=0)
        assert (changes.seq, changes.dimension, embeddings.layers(tx, SPACE)) == (1, 3, {MEASURED: 2})
        np.testing.assert_array_equal(changes.vectors, vectors)
        np.testing.assert_array_equal(
            embeddings.vectors_of(tx, changes.rows.tolist())[int(changes.rows[1])], vectors[1]
        )
        assert embeddings.unembedded(tx, SPACE, video=None, limit=9) == []

    def test_an_update_is_a_tombstone_and_a_new_row(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip", "one")
        old = shelf.embed(video)
        caption = tx_caption(tx)
        seq = embeddings.put_vectors(tx, SPACE, [(caption, MEASURED)], np.ones((1, 3), np.float32))
        changes = embeddings.changes(tx, SPACE, MEASURED, after_seq=seq - 1)
        assert changes.removed.tolist() == old
        assert changes.rows.tolist()[0] > old[0]
        assert list(embeddings.vectors_of(tx, [*old, *changes.rows.tolist()])) == changes.rows.tolist()

    def test_rows_never_come_back(self, shelf: Shelf, tx: Transaction) -> None:
        rows = shelf.embed(shelf.add("one", "a"))
        videos.remove(tx, videos.load(tx)[0].id)
        self.publish(tx, "g1")
        embeddings.drop_old_generations(tx, SPACE, MEASURED)  # takes the tombstone, the highest row, with it
        assert shelf.embed(shelf.add("two", "b"))[0] > rows[0]

    def test_vectors_that_do_not_fit_are_refused(self, shelf: Shelf, tx: Transaction) -> None:
        shelf.embed(shelf.add("clip", "one"))
        with pytest.raises(LibraryError, match="3 numbers"):
            embeddings.ensure_space(tx, SPACE, 4)
        for wrong in (np.ones((1, 4), np.float32), np.full((1, 3), np.nan, np.float32)):
            with pytest.raises(ValueError, match="wanted"):
                embeddings.put_vectors(tx, SPACE, [(1, MEASURED)], wrong)

    def test_only_searched_texts_are_resolved(self, shelf: Shelf, tx: Transaction) -> None:
        video, better = shelf.add("clip", "red fox"), Recipe("vlm/2")
        old = shelf.embed()
        shelf.caption(shelf.segments(video), "a vixen", recipe=better)
        settings.prefer(tx, better)
        assert embeddings.resolve(tx, old) == []
        new = shelf.embed()
        embeddings.put_hubs(tx, {new[0]: 0.25})
        resolved = embeddings.resolve(tx, [*new, *old, 999])
        assert [(one.row, one.hub) for one in resolved] == [(new[0], 0.25)]
        segment_row = resolved[0].segment_row
        assert embeddings.rows_of_segments(tx, SPACE, np.array([segment_row])).tolist() == new
        assert embeddings.resolve_texts_of(tx, SPACE, [segment_row, 999]) == {new[0]: segment_row}
        assert embeddings.hubs_of(tx, [*new, *old, 999]) == {new[0]: 0.25}
        assert embeddings.rows_without_hub(tx, SPACE, MEASURED) == old
        assert embeddings.text_rows(tx, SPACE, better) == new
        assert embeddings.videos_of_rows(tx, np.array(new)) == {new[0]: hits.videos_of(tx, [segment_row])[segment_row]}

    def test_generations_follow_each_other(self, shelf: Shelf, tx: Transaction) -> None:
        shelf.embed(shelf.add("clip", "one"))
        first = self.publish(tx, "g1")
        assert embeddings.latest_generation(tx, SPACE, MEASURED) == first
        shelf.embed(shelf.add("clip", "two"))
        assert [self.publish(tx, name).id for name in ("g2", "g3")] == ["g2", "g3"]
        assert not embeddings.add_generation(tx, replace(first, id="late"))
        assert embeddings.drop_old_generations(tx, SPACE, MEASURED, keep=2) == ["g1.index"]
        newest = embeddings.latest_generation(tx, SPACE, MEASURED)
        assert newest is not None
        assert newest.id == "g3"

    def publish(self, tx: Transaction, name: str) -> embeddings.Generation:
        manifest = IndexManifest(f"{name}.index", "exact", 3, 1, 12, "0" * 64)
        made = embeddings.Generation(name, SPACE, MEASURED, embeddings.change_seq(tx, SPACE), manifest)
        assert embeddings.add_generation(tx, made)
        return made


def tx_caption(tx: Transaction) -> int:
    """The row of the only caption, which the store gives out for what lacks a vector."""
    embeddings.ensure_space(tx, "other space", 1)
    return embeddings.unembedded(tx, "other space", video=None, limit=1)[0].caption_row
