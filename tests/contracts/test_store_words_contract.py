"""Which texts changed since a number, and the indexes published of their words: the same on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from indexer.domain import WrittenFile
from indexer.store import (
    Database,
    edits,
    fulltext,
    generations,
    hits,
    open_database,
    settings,
    text_changes,
    upgrade_schema,
    videos,
    word_generations,
)
from tests.fakes.captioned_library import MEASURED, caption, put_video


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    opened = open_database(url, purpose="write")
    with opened.write() as tx:
        settings.prefer(tx, MEASURED)
    yield opened
    opened.close()


def put(database: Database, name: str, *texts: str) -> list[int]:
    """Rows of the segments of a new video, in order of time."""
    with database.write() as tx:
        _, made = put_video(tx, name, seconds=range(len(texts) + 1))
        caption(tx, MEASURED, {one.id: text for one, text in zip(made, texts, strict=True)})
        return hits.browse(tx, allowed=None, limit=len(texts))


def current(database: Database) -> int:
    with database.read() as tx:
        return text_changes.current_seq(tx)


def changed(database: Database, seq: int) -> set[int]:
    with database.read() as tx:
        return set(text_changes.changes_since(tx, seq).segment_rows)


def test_texts_that_come_change_and_go_are_told(database: Database) -> None:
    before = current(database)
    one, two = put(database, "Harbour", "a red boat", "two gulls")
    assert changed(database, before) == {one, two}
    after = current(database)
    assert not changed(database, after)
    with database.write() as tx:
        edits.write_text(tx, hits.load_hits(tx, [two])[two].segment.id, "seagulls", author="ana")
    assert changed(database, after) == {two}
    edited = current(database)
    with database.write() as tx:
        videos.remove(tx, videos.load(tx)[0].id)
    assert changed(database, edited) == {one, two}
    with database.read() as tx:
        assert not text_changes.tokens_of(tx, [one, two])


def test_tokens_are_those_full_text_holds(database: Database) -> None:
    one, two = put(database, "Harbour", "a red boat", "two gulls")
    with database.read() as tx:
        assert not text_changes.has_texts(tx, 3)
        assert text_changes.has_texts(tx, 2)
        listed = dict(text_changes.all_tokens(tx))
        assert listed == text_changes.tokens_of(tx, [one, two, 99_999])
        assert "gull" in listed[two].split()


def test_a_writer_that_commits_late_is_not_missed(database: Database) -> None:
    """On PostgreSQL another may have begun later and committed before; on SQLite writers wait for each other."""
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    put(database, "Quay", "an old crane")
    with database.write() as late:
        _, (segment,) = put_video(late, "Late", seconds=(0, 1))
        caption(late, MEASURED, {segment.id: "a late ferry"})
        before = current(database)
        (early,) = put(database, "Early", "an early ferry")
        with database.read() as tx:
            seen = text_changes.changes_since(tx, before)
        assert list(seen.segment_rows) == [early]
        late.commit()
        (row,) = set(hits.browse(late, allowed=None, limit=9)) - {early} - {1}
    assert changed(database, seen.seq) == {row}


def test_no_number_comes_twice(database: Database) -> None:
    put(database, "Harbour", "a red boat", "two gulls")
    last = current(database)
    with database.write() as tx:
        text_changes.forget_until(tx, last)
    assert current(database) == last
    (row,) = put(database, "Quay", "an old crane")
    assert current(database) > last
    assert changed(database, last) == {row}


def test_what_every_kept_index_has_seen_is_forgotten(database: Database) -> None:
    put(database, "Harbour", "a red boat")
    for number in range(3):
        with database.write() as tx:
            file = WrittenFile(f"{number}.index", 12, "0" * 64)
            assert word_generations.add_words(tx, file, seq=text_changes.current_seq(tx), count=number)
        put(database, f"Film {number}", f"boat {number}")
    with database.write() as tx:
        assert word_generations.drop_old_words(tx, keep=2) == ["0.index"]
    with database.write() as tx:
        newest, older = word_generations.word_generations(tx)
        assert (newest.file.file, newest.count) == ("2.index", 2)
        assert generations.published_files(tx) == {"1.index", "2.index"}
        assert not word_generations.add_words(tx, WrittenFile("late.index", 1, "0"), seq=older.seq, count=1)
        assert text_changes.count_since(tx, older.seq) == 2
        assert text_changes.count_since(tx, 0) == 2
    with database.write() as tx:
        assert set(word_generations.drop_old_words(tx, keep=2, distrusted=[newest.row])) == {"2.index"}
        assert word_generations.drop_old_words(tx, keep=0) == ["1.index"]
        assert word_generations.latest_words(tx) is None


def test_texts_changed_in_bulk_are_told_too(database: Database) -> None:
    (row,) = put(database, "Harbour", "a red boat")
    before = current(database)
    with database.write() as tx, fulltext.made_anew(tx):
        tx.execute(text("UPDATE segment_text SET tokens = 'red ship'"))
    assert changed(database, before) == {row}
    with database.read() as tx:
        assert [found for found, _ in fulltext.match_segments(tx, ["ship"], limit=5, allowed=None)] == [row]


def test_what_most_of_many_names_hold_finds_none_of_them(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "_MANY", 2)
    for name in ("video 1", "video 2", "video quay"):
        put(database, name, "a boat")
    with database.read() as tx:
        quay = [row for row, _ in fulltext.match_videos(tx, ["quai"], limit=9)]
        assert len(quay) == 1
        assert [row for row, _ in fulltext.match_videos(tx, ["video", "quai"], limit=9)] == quay
        assert [row for row, _ in fulltext.match_video_trigrams(tx, "video quay", limit=9)] == quay
        assert fulltext.match_videos(tx, ["video"], limit=9) == []
