"""What ranking reads of the store: the same on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from indexer.domain import Recipe, VideoId
from indexer.store import (
    Transaction,
    bm25,
    cues,
    edits,
    fulltext,
    fulltext_postgres,
    hits,
    open_database,
    search_levels,
    settings,
    spans,
    upgrade_schema,
    videos,
)
from indexer.store.cues import Cue
from indexer.store.search_levels import Level, SampledText
from tests.fakes.captioned_library import SECOND, caption, put_video

MODEL = Recipe("model/1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, MODEL)
        yield tx
    database.close()


def put(tx: Transaction, name: str, *texts: str) -> tuple[VideoId, list[int]]:
    """A video and the rows of its segments, in order of time."""
    video, made = put_video(tx, name, seconds=range(len(texts) + 1))
    caption(tx, MODEL, {one.id: text for one, text in zip(made, texts, strict=True) if text})
    rows = hits.browse(tx, allowed=None, limit=len(texts))
    return video, rows


def test_texts_are_read_with_who_wrote_them(tx: Transaction) -> None:
    _, rows = put(tx, "Harbour days", "a red boat leaves", "", "two gulls")
    loaded = hits.load_hits(tx, rows)
    edits.write_text(tx, loaded[rows[2]].segment.id, "seagulls quarrel", author="ana")
    read = spans.spans_of(tx, [*rows, 99_999])
    assert sorted(read) == rows
    assert read[rows[0]].stems >= {"red", "boat", "leav"}
    assert [read[row].by_human for row in rows] == [False, False, True]
    assert [read[row].text for row in rows] == ["a red boat leaves", "", "seagulls quarrel"]
    assert (read[rows[1]].recipe, read[rows[1]].picture_hash) == (None, None)
    assert read[rows[1]].stems == frozenset()
    assert read[rows[2]].stems >= {"seagul", "quarrel"}
    assert len({one.video_row for one in read.values()}) == 1
    assert not spans.spans_of(tx, [])


def test_segments_of_videos_are_listed_in_the_order_of_these_up_to_a_number(tx: Transaction) -> None:
    rows = [put(tx, f"Reel {number}", "one", "two", "three")[1] for number in range(52)]
    video_of = hits.videos_of(tx, [one[0] for one in rows])
    backwards = [video_of[one[0]] for one in reversed(rows)]
    listed = [row for one in reversed(rows) for row in one]
    for most in (0, 4, 151, 200):
        assert hits.first_segments_of_videos(tx, backwards, most=most) == listed[:most]
    allowed = np.array(sorted(one[1] for one in rows), np.int64)
    assert hits.first_segments_of_videos(tx, backwards, most=2, allowed=allowed) == [rows[51][1], rows[50][1]]


def test_words_are_counted_in_lines_too(tx: Transaction) -> None:
    _, rows = put(tx, "Match", "a stadium", "a goal")
    (video,) = set(hits.videos_of(tx, rows).values())
    said = [Cue(0, SECOND, "what a goal"), Cue(SECOND, 2 * SECOND, "goal again")]
    cues.replace_cues(tx, video, "transcript", "test", said)
    assert fulltext.document_count(tx, of="cues") == 2
    assert fulltext.document_frequencies(tx, ["goal", "again", "stadium"], of="cues") == {"goal": 2, "again": 1}
    assert fulltext.document_frequencies(tx, ["goal", "again", "stadium"], of="segments") == {"goal": 1, "stadium": 1}


def test_a_sample_is_drawn_evenly_and_the_same_each_time(tx: Transaction) -> None:
    assert search_levels.sample_texts(tx, 5) == []
    texts = [f"text {number}" for number in range(40)]
    put(tx, "Many", *texts)
    drawn = search_levels.sample_texts(tx, 10)
    assert drawn == search_levels.sample_texts(tx, 10)
    assert 8 <= len(drawn) <= 10
    places = [texts.index(one.text) for one in drawn]
    assert places == sorted(places)
    assert places[0] < 5
    assert places[-1] >= 35
    assert {one.text for one in search_levels.sample_texts(tx, 500)} == set(texts)
    assert isinstance(drawn[0], SampledText)


def test_levels_are_kept_for_each_space(tx: Transaction) -> None:
    levels = [Level(1, 0.25, 0.5, 0.75), Level(3, 0.3, 0.5, 0.8)]
    search_levels.write(tx, "one/64", levels[:1], texts=3)
    search_levels.write(tx, "one/64", levels, texts=7)
    assert search_levels.read(tx, "one/64") == levels
    assert search_levels.texts_then(tx, "one/64") == 7
    assert search_levels.read(tx, "two/64") == []
    assert search_levels.texts_then(tx, "two/64") == 0


def test_a_word_of_all_texts_is_weighed_though_one_text_went(tx: Transaction) -> None:
    count = 1_100
    put(tx, "Many", *["alpha beta"] * count)
    lone, _ = put(tx, "One", "alpha")
    rows = hits.browse(tx, allowed=None, limit=5)
    assert fulltext.document_frequencies(tx, ["alpha"], of="segments") == {"alpha": count + 1}
    videos.remove(tx, lone)
    known = fulltext.document_frequencies(tx, ["alpha"], of="segments")["alpha"]
    texts = fulltext.document_count(tx, of="segments")
    assert texts == count
    assert bm25.idf(known, texts) == 1e-6
    allowed = np.sort(np.array(rows, np.int64))
    assert fulltext.match_segments(tx, ["alpha"], limit=3, allowed=allowed)


def test_lines_are_counted_among_lines(tx: Transaction) -> None:
    """However many texts of segments there are: these say nothing of how lines changed."""
    _, rows = put(tx, "Talk", *["a pier"] * 2)
    (video,) = set(hits.videos_of(tx, rows).values())
    said = [Cue(number, number + 1, "alpha") for number in range(1_100)]
    cues.replace_cues(tx, video, "transcript", "test", said)
    assert fulltext.document_frequencies(tx, ["alpha"], of="cues") == {"alpha": 1_100}
    cues.replace_cues(tx, video, "transcript", "test", said[:100])
    assert fulltext.document_frequencies(tx, ["alpha"], of="cues") == {"alpha": 100}


def test_more_texts_with_a_word_than_a_server_estimates_are_ranked(
    tx: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, rows = put(tx, "Many", *["alpha"] * 3)
    if tx.get_bind().dialect.name == "postgresql":
        monkeypatch.setattr(fulltext_postgres, "_COUNTED", 0)
        tx.execute(text("UPDATE pg_class SET reltuples = 1 WHERE oid = CAST('segment_text' AS regclass)"))
        assert fulltext.document_count(tx, of="segments") == 1
    assert sorted(row for row, _ in fulltext.match_segments(tx, ["alpha"], limit=5, allowed=None)) == sorted(rows)
