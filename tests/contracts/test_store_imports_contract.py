"""What the store makes of texts that were written elsewhere: the same on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Caption, Decoded, Facet, Fingerprint, MediaInfo, Recipe, Segment, VideoId
from indexer.errors import LibraryError
from indexer.store import (
    Transaction,
    awaited_files,
    checks,
    cues,
    edits,
    fulltext,
    fulltext_checks,
    hits,
    imports,
    open_database,
    segments,
    settings,
    upgrade_schema,
    videos,
    words,
)
from indexer.store.cues import Cue, CueKind
from indexer.store.imports import Description, Entered, Import, NewVideo, put_imports
from indexer.store.stand_ins import drop_stand_in, put_stand_in
from indexer.timecode import TimeRange

SECOND = 1_000_000
MEASURED = Recipe("measured/1")
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
FILE = "import notes.csv"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, MEASURED)
        yield tx
        assert_agrees(tx)
    database.close()


def assert_agrees(tx: Transaction) -> None:
    """Whatever was entered, a verification finds nothing wrong."""
    some = checks.next_videos(tx, after=0, limit=100)
    assert checks.misnamed_segments(tx, some) == []
    assert checks.untiled(tx, some) == []
    assert checks.wrong_texts(tx, some) == {}
    assert checks.wrong_names(tx, some) == []
    assert checks.doubled_captions(tx, some) == {}
    assert cues.misread(tx, [one.row for one in some]) == {}
    assert [table for table in fulltext_checks.FULL_TEXT if fulltext_checks.wrong_full_text(tx, table)] == []


def said(text: str, start: int = 0, end: int | None = None, **more: object) -> Description:
    """Times in seconds."""
    of_all: dict[str, object] = {"source": FILE, **more}
    return Description(start * SECOND, None if end is None else end * SECOND, text, **of_all)  # type: ignore[arg-type]


def line(start: int, end: int, text: str) -> Cue:
    return Cue(start * SECOND, end * SECOND, text)


def enter(tx: Transaction, *descriptions: Description, title: str = "Tape", **more: object) -> Entered:
    (entered,) = put_imports(tx, [Import(NewVideo(title), descriptions=descriptions, **more)])  # type: ignore[arg-type]
    return entered


def again(tx: Transaction, before: Entered, *descriptions: Description, **more: object) -> Entered:
    (entered,) = put_imports(tx, [Import(before.video, descriptions=descriptions, **more)])  # type: ignore[arg-type]
    return entered


def speech(tx: Transaction, *lines: Cue, kind: CueKind = "transcript", title: str = "Talk") -> Entered:
    return enter(tx, title=title, lines={(kind, FILE): lines})


def add_footage(tx: Transaction, title: str, *ends: int) -> VideoId:
    """A video of a file, with segments that end at these seconds, each captioned."""
    video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields={})
    spans = [TimeRange(a * SECOND, b * SECOND) for a, b in zip((0, *ends[:-1]), ends, strict=True)]
    made = segments.put_segmentation(tx, video, recipe=Recipe("content/1"), origin="detected", spans=spans, cuts=[])
    segments.put_captions(tx, [Caption(one.id, "a grey picture", MEASURED) for one in made], {})
    return video


def footage(tx: Transaction, title: str, *ends: int) -> Entered:
    video = add_footage(tx, title, *ends)
    return Entered(next(one for one in imports.named_videos(tx) if one.id == video), 0, False)


def shown(tx: Transaction, video: VideoId) -> list[tuple[int, int | None, str]]:
    """(start, end in seconds, searched text) of a video's segments."""
    found = [(detail.segment, detail.active.text if detail.active else "") for detail in segments.details(tx, video)]
    return [(*_seconds(segment), text) for segment, text in found]


def _seconds(segment: Segment) -> tuple[int, int | None]:
    return segment.start_us // SECOND, None if segment.end_us is None else segment.end_us // SECOND


def by_words(tx: Transaction, text: str) -> list[str]:
    stems = [token.stem for token in words.tokens(text)]
    return texts_of(tx, [row for row, _ in fulltext.match_segments(tx, stems, limit=9, allowed=None)])


def texts_of(tx: Transaction, rows: Sequence[int]) -> list[str]:
    loaded = hits.load_hits(tx, rows)
    return [loaded[row].text for row in rows]


class TestVideosNeverSeen:
    def test_segments_are_as_they_were_given(self, tx: Transaction) -> None:
        video = enter(tx, said("dog", 5, 9), said("cat", 2, 7), said("all of it"), said("to the end", 2)).video.id
        assert shown(tx, video) == [(0, None, "all of it"), (2, 7, "cat"), (2, None, "to the end"), (5, 9, "dog")]
        (stored,) = videos.load(tx, [video])
        assert (stored.kind, stored.state, stored.title) == ("imported", "indexed", "Tape")
        found = segments.active(tx, video)
        assert found is not None
        assert (found.origin, found.recipe) == ("imported", "import/1")

    def test_descriptions_of_one_span_are_segments_of_their_own(self, tx: Transaction) -> None:
        texts = ["a cat", "a cat sleeps", "an animal", "cat", "a pet"]
        before = enter(tx, *(said(text) for text in texts))
        assert before.texts == 5
        assert [text for _, _, text in shown(tx, before.video.id)] == texts
        assert len(by_words(tx, "cat")) == 3

    def test_the_same_again_is_nothing_new(self, tx: Transaction) -> None:
        given = (said("cat", 0, 2), said("cat", 0, 2), said("dog", 0, 2), said("bird"))
        before = enter(tx, *given)
        assert before.texts == 3, "a row that is there twice is one"
        counts = segments.counts(tx)
        assert again(tx, before, *given).texts == 0
        assert again(tx, before, *reversed(given)).texts == 0
        assert segments.counts(tx) == counts

    def test_what_changed_takes_the_place_of_what_the_same_source_said(self, tx: Transaction) -> None:
        before = enter(tx, said("a cat", 0, 2), said("a dog", 0, 2), said("a bird", 0, 2, source="Zoë"))
        after = again(tx, before, said("a dog", 0, 2), said("a black cat", 0, 2))
        assert after.texts == 1
        assert [text for _, _, text in shown(tx, after.video.id)] == ["a black cat", "a dog", "a bird"]
        changed = segments.details(tx, after.video.id)[0].segment.id
        assert [(one.text, one.author) for one in edits.history(tx, changed)] == [
            ("a cat", FILE),
            ("a black cat", FILE),
        ]

    def test_more_of_a_span_comes_beside_what_is_there(self, tx: Transaction) -> None:
        before = enter(tx, said("a cat", 0, 2))
        again(tx, before, said("a cat", 0, 2), said("a dog", 0, 2))
        again(tx, before, said("a cow", 0, 2, source="Zoë"))
        assert [text for _, _, text in shown(tx, before.video.id)] == ["a cat", "a dog", "a cow"]

    def test_a_text_of_its_own_displaces_none_that_has_nothing_to_do_with_it(self, tx: Transaction) -> None:
        before = enter(tx, said("a cat"), said("a dog"))
        assert again(tx, before, said("filmed in rain")).texts == 1
        assert again(tx, before, said("a cow"), said("a hen")).texts == 2
        texts = [text for _, _, text in shown(tx, before.video.id)]
        assert texts == ["a cat", "a dog", "filmed in rain", "a cow", "a hen"]

    def test_a_video_that_went_since_it_was_read(self, tx: Transaction) -> None:
        """Its row may be that of another by now."""
        before = enter(tx, said("a cat"))
        videos.remove(tx, before.video.id)
        other = enter(tx, said("a dog"), title="Other")
        for row in (before.video.row, other.video.row):
            stale = replace(before, video=replace(before.video, row=row))
            with pytest.raises(LibraryError, match=r"was removed .* run the same import again"):
                again(tx, stale, said("a lion"), title="Stale")
        assert [text for _, _, text in shown(tx, other.video.id)] == ["a dog"]

    def test_a_field_says_what_was_stated_of_it_last(self, tx: Transaction) -> None:
        entered = enter(tx, fields={"people": "Ada; Bob", "place": "Hel"})
        again(tx, entered, fields={"people": "Ada"})
        assert videos.fields(tx, entered.video.id) == {"people": "Ada", "place": "Hel"}

    def test_what_a_person_wrote_since_stays(self, tx: Transaction) -> None:
        before = enter(tx, said("a cat"), said("a dog"))
        first, second = (detail.segment.id for detail in segments.details(tx, before.video.id))
        edits.write_text(tx, first, "a lion", author="Anna")
        edits.reject(tx, second, author="Anna")
        assert again(tx, before, said("a cat"), said("a dog")).texts == 0
        assert [text for _, _, text in shown(tx, before.video.id)] == ["a lion", ""]
        assert by_words(tx, "lion") == ["a lion"]

    def test_one_that_is_only_named_is_found_by_its_names(self, tx: Transaction) -> None:
        entered = enter(tx, fields={"identifier": "T1", "people": "Łukasz", "recorded": "1987-04-12"})
        assert (entered.texts, entered.named) == (0, True)
        assert shown(tx, entered.video.id) == [(0, None, "")]
        assert [row for row, _ in fulltext.match_videos(tx, ["lukasz"], limit=5)] == [entered.video.row]
        assert videos.load(tx, [entered.video.id])[0].recorded_at == "1987-04-12"
        assert not again(tx, entered, fields={"people": "Łukasz"}).named
        assert again(tx, entered, fields={"people": "Jan"}, title="Another").named
        again(tx, entered, said("a cat"))
        assert shown(tx, entered.video.id) == [(0, None, "a cat")]

    def test_tags_of_a_video_gather(self, tx: Transaction) -> None:
        entered = enter(tx, fields={"tags": "sea; boats"})
        again(tx, entered, fields={"tags": "boats; gulls"})
        assert videos.fields(tx, entered.video.id)["tags"] == "sea; boats; gulls"


class TestTags:
    def test_tags_of_a_moment_are_facets_and_words(self, tx: Transaction) -> None:
        before = enter(tx, said("a dog runs", 0, 2, tags=("red car", "pets")), said("a dog sleeps", 2, 4))
        assert by_words(tx, "cars") == ["a dog runs"]
        phrase = [fulltext.phrase_segments(tx, text) for text in ("red car", "runs red")]
        assert [len(rows) for rows in phrase] == [1, 0]
        assert fulltext.known_words(tx, ["pets"]) == {"pets": 1}
        facets = [detail.facets for detail in segments.details(tx, before.video.id)]
        assert facets == [(Facet("tag", "red car"), Facet("tag", "pets")), ()]

    def test_they_change_with_the_row_and_go_with_its_text(self, tx: Transaction) -> None:
        before = enter(tx, said("a dog runs", 0, 2, tags=("pets",)))
        assert again(tx, before, said("a dog runs", 0, 2, tags=("sport",))).texts == 1
        (detail,) = segments.details(tx, before.video.id)
        assert detail.facets == (Facet("tag", "sport"),)
        assert (by_words(tx, "pets"), by_words(tx, "sport")) == ([], ["a dog runs"])
        edits.reject(tx, detail.segment.id, author="Anna")
        edits.undo(tx, detail.segment.id, author="Anna")
        assert segments.details(tx, before.video.id)[0].facets == (Facet("tag", "sport"),)


class TestFootage:
    def test_a_text_applies_to_the_segment_most_like_its_span_or_stands_beside(self, tx: Transaction) -> None:
        before = footage(tx, "Film", 10, 20)
        again(
            tx, before, said("a boat", 1, 10, tags=("sea",)), said("a long walk", 4, 17), said("the whole film", 0, 20)
        )
        assert shown(tx, before.video.id) == [
            (0, 10, "a boat"),
            (0, 20, "the whole film"),
            (4, 17, "a long walk"),
            (10, 20, "a grey picture"),
        ]
        assert segments.details(tx, before.video.id)[0].facets == (Facet("tag", "sea"),)
        spans = [TimeRange(0, 9 * SECOND), TimeRange(9 * SECOND, 20 * SECOND)]
        segments.put_segmentation(tx, before.video.id, recipe=Recipe("fixed/1"), origin="fixed", spans=spans, cuts=[])
        assert shown(tx, before.video.id)[0] == (0, 9, "a boat"), "it follows to a new segmentation"
        assert segments.details(tx, before.video.id)[0].facets == (Facet("tag", "sea"),)

    def test_texts_of_one_span_are_joined(self, tx: Transaction) -> None:
        before = footage(tx, "Film", 10, 20)
        again(tx, before, said("a boat", 0, 10), said("a gull", 0, 10), said("waves", 0, 10, source="Zoë"))
        assert shown(tx, before.video.id)[0] == (0, 10, "a boat\na gull\nwaves")
        assert again(tx, before, said("a gull", 0, 10), said("a boat", 0, 10)).texts == 0
        assert again(tx, before, said("a gull", 0, 10), said("a red boat", 0, 10)).texts == 1
        assert shown(tx, before.video.id)[0] == (0, 10, "a red boat\na gull\nwaves")
        assert by_words(tx, "gull") == ["a red boat\na gull\nwaves"]

    def test_what_was_written_here_of_the_span_is_joined_too(self, tx: Transaction) -> None:
        before = footage(tx, "Film", 10)
        edits.write_text(tx, segments.details(tx, before.video.id)[0].segment.id, "written here", author="Anna")
        again(tx, before, said("written there", 0, 10))
        assert shown(tx, before.video.id) == [(0, 10, "written here\nwritten there")]
        assert again(tx, before, said("written there", 0, 10)).texts == 0

    def test_texts_that_went_on_to_an_unknown_end_have_it_once_it_is_known(self, tx: Transaction) -> None:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, "Film"), title="Film", fields={})
        put_stand_in(tx, video)
        (named,) = imports.named_videos(tx)
        again(tx, Entered(named, 0, False), said("all of it"), said("the rest", 12))
        assert shown(tx, video) == [(0, None, "all of it"), (12, None, "the rest")]
        videos.set_decoded(tx, video, Decoded(500, 20 * SECOND, None))
        spans = [TimeRange(0, 10 * SECOND), TimeRange(10 * SECOND, 20 * SECOND)]
        segments.put_segmentation(tx, video, recipe=Recipe("content/1"), origin="detected", spans=spans, cuts=[])
        drop_stand_in(tx, video)
        assert shown(tx, video) == [(0, 10, "all of it"), (10, 20, "the rest")]
        assert again(tx, Entered(named, 0, False), said("all of it", 0, 20), said("the rest", 12, 20)).texts == 0


class TestFootageThatComesLater:
    """Ten seconds of footage, in two halves, of a video of which texts were known."""

    def decode(self, tx: Transaction, video: VideoId) -> Entered:
        assert awaited_files.give_file(tx, video, INFO, title="File")
        videos.add_fingerprint(tx, video, Fingerprint(1, "x"), stream_index=0)
        videos.set_decoded(tx, video, Decoded(250, 10 * SECOND, None))
        spans = [TimeRange(0, 5 * SECOND), TimeRange(5 * SECOND, 10 * SECOND)]
        segments.put_segmentation(tx, video, recipe=Recipe("content/1"), origin="detected", spans=spans, cuts=[])
        awaited_files.drop_listing(tx, video)
        return Entered(next(one for one in imports.named_videos(tx) if one.id == video), 0, False)

    def test_texts_stay_with_their_spans_beside_the_shots(self, tx: Transaction) -> None:
        before = enter(tx, said("a boat", 0, 5, tags=("sea",)), said("a gull", 3, 7), said("all of it"))
        edits.write_text(tx, segments.details(tx, before.video.id)[2].segment.id, "a white gull", author="Anna")
        after = self.decode(tx, before.video.id)
        texts = [(0, 5, "a boat"), (0, 10, "all of it"), (3, 7, "a white gull"), (5, 10, "")]
        assert shown(tx, after.video.id) == texts
        assert segments.details(tx, after.video.id)[0].facets == (Facet("tag", "sea"),)
        assert (by_words(tx, "sea"), awaited_files.texts_beyond(tx, after.video.id)) == (["a boat"], 0)
        (stored,) = videos.load(tx, [after.video.id])
        assert (stored.kind, stored.title, stored.complete) == ("file", "Tape", False)
        assert not awaited_files.give_file(tx, after.video.id, INFO, title="Another")

    def test_texts_of_one_span_stay_apart(self, tx: Transaction) -> None:
        before = enter(tx, said("a boat", 0, 5), said("a gull", 0, 5), said("to the end", 2), said("the rest", 2))
        after = self.decode(tx, before.video.id)
        texts = [(0, 5, "a boat"), (0, 5, "a gull"), (2, 10, "the rest"), (5, 10, "to the end")]
        assert sorted(shown(tx, after.video.id)) == texts
        same = [said("a boat", 0, 5), said("a gull", 0, 5), said("to the end", 2, 10), said("the rest", 2, 10)]
        assert again(tx, after, *same).texts == 0
        assert again(tx, after, said("a boat", 0, 5), said("a white gull", 0, 5)).texts == 1
        texts[1] = (0, 5, "a white gull")
        assert sorted(shown(tx, after.video.id)) == texts

    def test_ends_that_are_a_little_late_are_the_end_and_later_ones_stay(self, tx: Transaction) -> None:
        of_it = {("transcript", FILE): (Cue(8 * SECOND, None, "bye"), line(6, 11, "so long"), line(20, 30, "hello"))}
        before = enter(tx, said("a boat", 2, 11), said("a gull", 4, 60), said("credits", 40), lines=of_it)
        after = self.decode(tx, before.video.id)
        texts = [(0, 5, ""), (4, 60, "a gull"), (5, 10, "a boat"), (40, None, "credits")]
        assert shown(tx, after.video.id) == texts
        assert awaited_files.texts_beyond(tx, after.video.id) == 3
        now_said = {("transcript", FILE): (line(8, 10, "bye"), line(6, 10, "so long"), line(20, 30, "hello"))}
        assert again(tx, after, said("a boat", 2, 10), lines=now_said).texts == 0

    def test_who_knew_it_without_a_file_enters_texts_all_the_same(self, tx: Transaction) -> None:
        before = enter(tx, said("a boat", 0, 5))
        after = self.decode(tx, before.video.id)
        assert again(tx, before, said("a gull", 5, 10), said("all of it")).texts == 2
        assert shown(tx, after.video.id) == [(0, 5, "a boat"), (0, 10, "all of it"), (5, 10, "a gull")]

    def test_segments_of_names_and_speech_alone_go(self, tx: Transaction) -> None:
        named, spoken = enter(tx, title="Named"), speech(tx, line(0, 4, "hello"))
        stood_in = [one.segment.id for one in segments.details(tx, named.video.id)]
        self.decode(tx, named.video.id)
        assert shown(tx, named.video.id) == [(0, 5, ""), (5, 10, "")]
        assert [segments.find(tx, one) for one in stood_in] == [None]
        assert shown(tx, spoken.video.id) == [(0, 4, "")]


class TestLines:
    LINES = (line(0, 4, "hello there"), line(4, 9, "my old friend"), line(9, 12, "sit down"), line(60, 65, "goodbye"))

    def test_what_is_only_speech_gets_segments_between_its_lines(self, tx: Transaction) -> None:
        entered = speech(tx, *self.LINES)
        assert entered.texts == 4
        assert shown(tx, entered.video.id) == [(0, 12, ""), (60, 65, "")]
        again(tx, entered, said("a man at a table", 0, 5))
        assert shown(tx, entered.video.id) == [(0, 5, "a man at a table"), (9, 12, ""), (60, 65, "")]

    def test_lines_are_found_in_every_segment_they_share_time_with(self, tx: Transaction) -> None:
        entered = speech(tx, line(4, 9, "my old friend"))
        again(tx, entered, said("a table", 0, 5), said("a chair", 5, 8), said("a door", 9, 12))
        found = cues.match_cues(tx, ["friend"], kind="transcript", limit=9, allowed=None)
        assert texts_of(tx, [segment for segment, _, _ in found]) == ["a table", "a chair"]
        assert len({score for _, score, _ in found}) == 1
        assert found[0][1] > 0
        assert cues.cue_texts(tx, {cue for _, _, cue in found}) == {found[0][2]: "my old friend"}
        assert cues.match_cues(tx, ["friend"], kind="screen_text", limit=9, allowed=None) == []
        (first, *_), second = found
        only = np.array([second[0]], np.int64)
        assert [row for row, _, _ in cues.match_cues(tx, ["friend"], kind="transcript", limit=9, allowed=only)] == [
            second[0]
        ]
        assert [one.text for one in cues.of_segment(tx, first)] == ["my old friend"]

    def test_the_best_line_comes_first(self, tx: Transaction) -> None:
        speech(tx, line(0, 9, "old friends and old enemies of an old town"), line(100, 109, "old friends"))
        speech(tx, line(0, 9, "OLD HARBOUR"), kind="screen_text", title="Signs")
        found = cues.match_cues(tx, ["old", "friend", 'x" OR "y'], kind="transcript", limit=9, allowed=None)
        spans = [hit.segment.start_us // SECOND for hit in hits.load_hits(tx, [row for row, _, _ in found]).values()]
        assert sorted(spans) == [0, 100]
        assert cues.cue_texts(tx, [found[0][2]]) == {found[0][2]: "old friends"}
        assert cues.match_cues(tx, [], kind="transcript", limit=9, allowed=None) == []

    def test_phrases_and_words(self, tx: Transaction) -> None:
        entered = speech(tx, *self.LINES)
        (row,) = cues.segments_with_phrase(tx, ["old", "friend"])
        assert hits.load_hits(tx, [int(row)])[int(row)].video.id == entered.video.id
        assert len(cues.segments_with_phrase(tx, ["friend", "old"])) == 0
        assert fulltext.known_words(tx, ["goodbye", "frend"]) == {"goodbye": 1}

    def test_a_source_says_its_lines_anew(self, tx: Transaction) -> None:
        entered = speech(tx, *self.LINES)
        row = entered.video.row
        assert cues.replace_cues(tx, row, "transcript", FILE, self.LINES) == 0
        assert cues.replace_cues(tx, row, "transcript", "another", self.LINES[:1]) == 1
        assert cues.replace_cues(tx, row, "transcript", FILE, [self.LINES[0], line(4, 9, "my new foe")]) == 1
        lines = cues.overlapping(tx, row, TimeRange(3 * SECOND, 60 * SECOND))
        assert [one.text for one in lines] == ["hello there", "hello there", "my new foe"]
        assert fulltext.known_words(tx, ["goodbye", "hello"]) == {"hello": 2}

    def test_each_language_has_lines_of_its_own(self, tx: Transaction) -> None:
        english, german = line(0, 4, "hello boats"), replace(line(0, 4, "guten Morgen"), language="de")
        entered = speech(tx, english)
        assert again(tx, entered, lines={("transcript", FILE): (german,)}).lines_taken == 0
        both = cues.overlapping(tx, entered.video.row, TimeRange(0, 9 * SECOND))
        assert [one.text for one in both] == ["hello boats", "guten Morgen"]
        other = again(tx, entered, lines={("transcript", FILE): (line(0, 4, "ahoy"), line(4, 5, "hello"))})
        assert (other.texts, other.lines_taken) == (2, 1)
        both = cues.overlapping(tx, entered.video.row, TimeRange(0, 9 * SECOND))
        assert [one.text for one in both] == ["guten Morgen", "ahoy", "hello"]

    def test_lines_go_with_their_video(self, tx: Transaction) -> None:
        entered = speech(tx, *self.LINES)
        videos.remove(tx, entered.video.id)
        assert (cues.count_cues(tx), fulltext.known_words(tx, ["hello"])) == (0, {})


def test_words_without_end(tx: Transaction) -> None:
    """Such as pictures written as text: they hold nobody up, and the rest of the text is found."""
    entered = enter(tx, said(f"a harbour {'x' * 100_000} {'ab' * 9000}12 quay"), fields={"notes": "y" * 20_000})
    speech(tx, line(0, 2, "z" * 50_000 + " hello"))
    assert [text[:9] for text in by_words(tx, "quay")] == ["a harbour"]
    assert again(tx, replace(entered), said("b")).texts == 1
