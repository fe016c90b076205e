"""What the store finds by words and filters: the same on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Caption, Facet, Filters, Fingerprint, MediaInfo, Recipe, VideoId
from indexer.store import (
    Transaction,
    fulltext,
    hits,
    open_database,
    roots,
    segments,
    settings,
    upgrade_schema,
    videos,
    words,
)
from indexer.store.allowed import allowed_segments, both, without
from indexer.store.video_texts import names_of
from indexer.timecode import TimeRange

SECOND = 1_000_000
MEASURED = Recipe("measured/1")
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
BOATS = ("a red boat leaves the harbour", "two red boats, one red gull", "waves")
MEADOW = ("a cow in a meadow", "the reel BT-0431 lies in a box")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, MEASURED)
        put(tx, "Søren at sea", BOATS, recorded_at="2024-05-12T10:00:00", fields={"rights": "Cleared"})
        put(tx, "Meadows", MEADOW, recorded_at="2023-11-01", fields={"reel": "AX0077"})
        yield tx
    database.close()


def put(
    tx: Transaction, title: str, texts: tuple[str, ...], *, recorded_at: str | None, fields: dict[str, str]
) -> VideoId:
    info = replace(INFO, recorded_at=recorded_at)
    video = videos.add(tx, info=info, fingerprint=Fingerprint(1, title), title=title, fields=fields)
    spans = [TimeRange(n * (n + 1) * SECOND, (n + 1) * (n + 2) * SECOND) for n in range(len(texts))]  # 2 s, 4 s, 6 s
    made = segments.put_segmentation(tx, video, recipe=Recipe("content/1"), origin="detected", spans=spans, cuts=[])
    captions = [Caption(segment.id, text, MEASURED) for segment, text in zip(made, texts, strict=True)]
    facets = {
        caption.segment: [Facet("colour", word) for word in ("red", "green") if word in caption.text]
        for caption in captions
    }
    segments.put_captions(tx, captions, facets)
    root = roots.add(tx, Path("/archive/Coast" if "sea" in title else "/archive/Land_1"))
    file = Path("day 1") / f"{title.split()[0].lower()}.mov"
    videos.put_location(tx, video, root=root, relative_path=file, stream_index=0, size=1, mtime_ns=1)
    return video


def found(tx: Transaction, rows: object) -> list[str]:
    listed = [int(row) for row in rows]  # type: ignore[attr-defined]
    loaded = hits.load_hits(tx, listed)
    return [loaded[row].text for row in listed]


def matched(tx: Transaction, *stems: str, allowed: np.ndarray | None = None) -> list[str]:
    return found(tx, [row for row, _ in fulltext.match_segments(tx, stems, limit=9, allowed=allowed)])


class TestWords:
    def test_any_of_the_words_and_the_best_first(self, tx: Transaction) -> None:
        assert matched(tx, "red", "gull") == [BOATS[1], BOATS[0]]
        assert matched(tx, "red", "cow", "nowher") == [MEADOW[0], BOATS[1], BOATS[0]]
        assert matched(tx) == matched(tx, 'quo"te', "a b", "*", "") == []

    def test_scores_are_bm25_as_fts5_has_it(self, tx: Transaction) -> None:
        """Worked out by hand for `wave`: df 1 of 5 texts, once among 1 token, where 25 tokens make 5 texts."""
        tokens = sum(len(words.index_text(text).split()) for text in (*BOATS, *MEADOW))
        expected = np.log((5 - 1 + 0.5) / (1 + 0.5)) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1 / (tokens / 5)))
        [(_, score)] = fulltext.match_segments(tx, ["wave"], limit=9, allowed=None)
        assert score == pytest.approx(expected)

    def test_only_allowed_rows(self, tx: Transaction) -> None:
        rows = np.array(sorted(row for row, _ in fulltext.match_segments(tx, ["red"], limit=9, allowed=None)), np.int64)
        assert matched(tx, "red", allowed=rows[:1]) == [BOATS[0]]
        assert matched(tx, "red", allowed=rows[:0]) == []

    def test_identifiers_are_found_however_they_are_written(self, tx: Transaction) -> None:
        for typed in ("BT-0431", "bt 0431", "BT0431", "bt_0431"):
            assert matched(tx, *(token.stem for token in words.tokens(typed))) == [MEADOW[1]]

    def test_counts(self, tx: Transaction) -> None:
        assert fulltext.document_frequencies(tx, ["red", "boat", "none"], of="segments") == {"red": 2, "boat": 2}
        assert fulltext.document_frequencies(tx, ["soren", "mov", "red"], of="videos") == {"soren": 1, "mov": 2}
        assert (fulltext.document_count(tx, of="segments"), fulltext.document_count(tx, of="videos")) == (5, 2)
        assert fulltext.known_words(tx, ["boats", "boat", "soren", "boots"]) == {"boats": 1, "boat": 1, "soren": 1}
        assert fulltext.known_words(tx, []) == {}

    def test_thousands_of_words_are_no_trouble(self, tx: Transaction) -> None:
        many = [f"word{number}" for number in range(3000)]
        assert matched(tx, *many, "wave") == [BOATS[2]]
        assert fulltext.known_words(tx, [*many, "waves"]) == {"waves": 1}


class TestNames:
    def test_videos_are_found_by_title_file_field_and_day(self, tx: Transaction) -> None:
        for stem, title in (("soren", "Søren at sea"), ("ax0077", "Meadows"), ("2024", "Søren at sea")):
            [(row, score)] = fulltext.match_videos(tx, [stem], limit=9)
            assert score > 0
            [segment] = hits.first_segments_of_videos(tx, [row], most=1)
            assert segment == hits.segments_of_videos(tx, [row], allowed=None)[row][0]
            assert hits.load_hits(tx, [segment])[segment].video.title == title

    def test_each_field_is_kept_apart(self, tx: Transaction) -> None:
        video = videos.load(tx)[0]
        videos.set_fields(tx, video.id, {"reel": "B7", "tags": "sea; gulls"})
        [(row, _)] = fulltext.match_videos(tx, ["gull"], limit=9)
        names = names_of(tx, [row])[row]
        assert names.title == "meadow"
        assert names.file_names.split()[-1:] == ["mov"]
        assert names.tags == "sea gull"
        assert {"b", "7", "b7"} <= set(names.fields.split())
        assert fulltext.mean_title_length(tx) == 2  # the other is called `Søren at sea`
        assert names_of(tx, []) == {}

    def test_misspelt_names_are_near(self, tx: Transaction) -> None:
        [(best, share), *_] = fulltext.match_video_trigrams(tx, "maedows", limit=9)
        [(exact, whole), *_] = fulltext.match_video_trigrams(tx, "meadows", limit=9)
        assert best == exact
        assert 0 < share < whole <= 1
        assert fulltext.match_video_trigrams(tx, "?!", limit=9) == []

    def test_names_follow_every_change(self, tx: Transaction) -> None:
        video = videos.load(tx)[0]
        assert video.title == "Meadows"
        videos.set_fields(tx, video.id, {"reel": "", "place": "Skagen"})
        assert fulltext.document_frequencies(tx, ["ax0077", "skagen"], of="videos") == {"skagen": 1}
        videos.drop_location(tx, video.id, video.locations[0])
        assert fulltext.document_frequencies(tx, ["mov"], of="videos") == {"mov": 1}


class TestPhrases:
    @pytest.mark.parametrize(
        ("phrase", "texts"),
        [
            ("red boats", BOATS[:2]),
            ("boats red", ()),
            ("Meadow", MEADOW),  # the title of the video
            ("reel bt-0431 lies", MEADOW[1:]),
            ("bt0431", MEADOW[1:]),
            ("box bt0431", ()),
            ("%", ()),
            ("sea Cleared", ()),  # two fields are no phrase
        ],
    )
    def test_phrases_stand_word_for_word(self, tx: Transaction, phrase: str, texts: tuple[str, ...]) -> None:
        assert sorted(found(tx, fulltext.phrase_segments(tx, phrase))) == sorted(texts)

    def test_excluding(self, tx: Transaction) -> None:
        gulls = fulltext.phrase_segments(tx, "gull")
        assert sorted(found(tx, without(tx, None, gulls))) == sorted({*BOATS, *MEADOW} - {BOATS[1]})
        assert found(tx, without(tx, fulltext.phrase_segments(tx, "red"), gulls)) == [BOATS[0]]
        red = fulltext.phrase_segments(tx, "red")
        assert both(None, red) is red
        shared = both(gulls, red)
        assert shared is not None
        assert shared.tolist() == gulls.tolist()


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "texts"),
        [
            (Filters(folder="coast"), BOATS),
            (Filters(folder="/archive/Land_1/day 1/"), MEADOW),
            (Filters(folder="Land%1"), ()),
            (Filters(folder="oast"), ()),
            (Filters(recorded_from="2024"), BOATS),
            (Filters(recorded_from="2023-11", recorded_to="2024-05-11"), MEADOW),
            (Filters(recorded_to="2024-05"), (*BOATS, *MEADOW)),
            (Filters(longer_us=4 * SECOND, shorter_us=5 * SECOND), (BOATS[1], MEADOW[1])),
            (Filters(facets=(Facet("colour", "red"),)), BOATS[:2]),
            (Filters(facets=(Facet("colour", "red"), Facet("colour", "green"))), BOATS[:2]),
            (Filters(facets=(Facet("colour", "red"), Facet("camera", "still"))), ()),
            (Filters(facets=(Facet("rights", "cleared"), Facet("colour", "red"))), BOATS[:2]),
            (Filters(videos=(VideoId("vnone"),)), ()),
        ],
    )
    def test_filters(self, tx: Transaction, filters: Filters, texts: tuple[str, ...]) -> None:
        allowed = allowed_segments(tx, filters)
        assert allowed is not None
        assert sorted(found(tx, allowed)) == sorted(texts)

    def test_no_filter_asks_nothing(self, tx: Transaction) -> None:
        assert allowed_segments(tx, Filters()) is None

    def test_a_hit_has_all_that_is_shown(self, tx: Transaction) -> None:
        [row] = hits.browse(tx, allowed=None, limit=1)
        hit = hits.load_hits(tx, [row, 999])[row]
        assert (hit.text, hit.recipe, hit.fields, hit.keyframe_path) == (MEADOW[0], MEASURED, {"reel": "AX0077"}, None)
        assert hit.video.locations[0].path == Path("/archive/Land_1/day 1/meadows.mov")
        assert hits.videos_of(tx, [row, 999]).keys() == {row}

    def test_browsing_begins_with_the_newest_video(self, tx: Transaction) -> None:
        assert found(tx, hits.browse(tx, allowed=None, limit=9)) == [*MEADOW, *BOATS]
        assert found(tx, hits.browse(tx, allowed=fulltext.phrase_segments(tx, "red"), limit=1)) == [BOATS[0]]
        assert hits.facet_counts(tx) == {"colour": {"red": 2}}
