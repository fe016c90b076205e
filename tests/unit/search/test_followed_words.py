"""The index of words, followed through whatever happens to texts, says what the texts themselves say."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from sqlalchemy import text

from indexer.ingest.publish_words import WordsPublisher
from indexer.ingest.verify.words import verify_words
from indexer.search.indexed_words import IndexedWords
from indexer.store import Transaction, bm25, text_changes, videos, word_generations
from tests.fakes.small_library import SmallLibrary, small_library

NONE = np.empty(0, np.int64)
STEMS = ["boat", "red", "gull", "quai"]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    made = small_library(tmp_path)
    publish(made)
    yield made
    made.database.close()


def publish(library: SmallLibrary) -> int:
    return WordsPublisher(library.folder, library.database, least=1).rebuild()


def agrees(library: SmallLibrary, reader: IndexedWords, *, allowed: np.ndarray | None = None) -> None:
    """Each text is found with the score that it gets when it is read itself."""
    weights = {stem: 1.0 + place for place, stem in enumerate(STEMS)}
    with library.database.read() as tx:
        held = reader.read(tx)
        texts = [(row, tokens) for row, tokens in text_changes.all_tokens(tx)]
    if not texts:  # an index of nothing is not published
        assert held is None or held.texts == 0
        return
    assert held is not None
    counts = {stem: sum(stem in tokens.split() for _, tokens in texts) for stem in STEMS}
    assert held.frequencies(STEMS) == {stem: count for stem, count in counts.items() if count}
    assert held.texts == len(texts)
    some = [one for one in texts if allowed is None or one[0] in allowed]
    expected = bm25.ranked(some, weights, mean_length=held.base.index.mean_length, limit=100)
    found = held.match(weights, limit=100, allowed=allowed)
    assert dict(found) == pytest.approx(dict(expected), rel=1e-5)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def rows_of(library: SmallLibrary) -> list[int]:
    with library.database.read() as tx:
        return [row for row, _ in text_changes.all_tokens(tx)]


def write(library: SmallLibrary, row: int, tokens: str) -> None:
    with library.database.write() as tx:
        tx.execute(text("UPDATE segment_text SET tokens = :t WHERE segment_row = :row"), {"t": tokens, "row": row})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_is_followed(library: SmallLibrary, seed: int) -> None:
    dice, reader = Random(seed), IndexedWords(library.folder)
    for number in range(40):
        rows = rows_of(library)
        texts = [" ".join(dice.choices(STEMS, k=dice.randint(1, 6))) for _ in range(dice.randint(1, 3))]
        match dice.choice(["add", "add", "write", "remove", "publish", "look", "look"]):
            case "add":
                library.add(f"Film {number}", tuple(texts))
            case "write" if rows:
                write(library, dice.choice(rows), texts[0])
            case "remove" if rows:
                with library.database.write() as tx:
                    videos.remove(tx, dice.choice(videos.load(tx)).id)
            case "publish":
                publish(library)
            case "look":
                agrees(library, reader)
    agrees(library, reader)
    agrees(library, reader, allowed=np.array(rows_of(library)[::2], np.int64))
    assert list(verify_words(library.folder, library.database)) == []


def frequencies(reader: IndexedWords, tx: Transaction) -> dict[str, int] | None:
    held = reader.read(tx)
    return None if held is None else held.frequencies(["zeppelin"])


def test_an_older_view_is_left_to_full_text(library: SmallLibrary) -> None:
    reader = IndexedWords(library.folder)
    with library.database.read() as before:
        assert before.execute(text("SELECT count(*) FROM segment_text")).scalar_one()
        write(library, rows_of(library)[0], "zeppelin")
        with library.database.read() as after:
            assert frequencies(reader, after) == {"zeppelin": 1}
        assert reader.read(before) is None
        with library.database.read() as after:
            assert frequencies(reader, after) == {"zeppelin": 1}


def test_a_database_that_was_put_back_is_read_anew(library: SmallLibrary) -> None:
    reader = IndexedWords(library.folder)
    agrees(library, reader)
    assert reader._held is not None
    reader._held = replace(reader._held, seq=reader._held.seq + 100)
    write(library, rows_of(library)[0], "zeppelin")
    for _ in range(9):
        with library.database.read() as tx:
            seen = frequencies(reader, tx)
    assert seen == {"zeppelin": 1}
    agrees(library, reader)


def test_threads_that_search_while_texts_change_see_their_own_view(library: SmallLibrary) -> None:
    reader, done = IndexedWords(library.folder), threading.Event()

    def look() -> int:
        looked = 0
        while not done.is_set() or not looked:
            with library.database.read() as tx:
                held = reader.read(tx)
                if held is not None:
                    counted = [tokens.split() for _, tokens in text_changes.all_tokens(tx)]
                    assert held.frequencies(["boat"]) == {"boat": sum("boat" in tokens for tokens in counted)}
                    looked += 1
        return looked

    with ThreadPoolExecutor(3) as pool:
        looking = [pool.submit(look) for _ in range(3)]
        for number in range(15):
            library.add(f"Film {number}", ("boat red", "gull"))
            if number % 5 == 4:
                publish(library)
        done.set()
        assert all(one.result() for one in looking)


def test_an_index_is_replaced_without_keeping_searches_waiting(library: SmallLibrary) -> None:
    reader = IndexedWords(library.folder)
    agrees(library, reader)
    library.add("Film", ("boat red",))
    WordsPublisher(library.folder, library.database, least=0).publish()
    for _ in range(200):
        agrees(library, reader)
        if reader._held is None or not reader._held.tail:
            break
        time.sleep(0.01)
    assert reader._held is not None
    assert not reader._held.tail


def test_a_damaged_file_is_told_of_once_and_full_text_answers(
    library: SmallLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    with library.database.read() as tx:
        newest = word_generations.latest_words(tx)
    assert newest is not None
    path = library.folder.indexes / newest.file.file
    path.write_bytes(path.read_bytes()[:-1])
    reader = IndexedWords(library.folder)
    with caplog.at_level(logging.WARNING), library.database.read() as tx:
        assert reader.read(tx) is None
        assert reader.read(tx) is None
    assert [record.message for record in caplog.records if "shotlist reindex" in record.message] == [
        caplog.records[0].message
    ]
    (finding,) = verify_words(library.folder, library.database)
    assert (finding.kind, finding.subject) == ("index_damaged", "words")
    publish(library)
    assert not path.exists()
    agrees(library, reader)


def test_words_that_no_change_tells_of_are_found_by_verifying(library: SmallLibrary) -> None:
    row = rows_of(library)[0]
    write(library, row, "red zeppelin")
    with library.database.write() as tx:
        tx.execute(text("DELETE FROM text_change"))
    (finding,) = verify_words(library.folder, library.database)
    assert (finding.kind, finding.message) == ("index_differs", "the index of words holds other words of 1 texts")


def test_a_few_texts_are_left_to_full_text_and_their_changes_do_not_pile_up(library: SmallLibrary) -> None:
    publisher = WordsPublisher(library.folder, library.database, least=1_000)
    assert publisher.rebuild() == 0
    with library.database.read() as tx:
        assert word_generations.latest_words(tx) is None
        assert IndexedWords(library.folder).read(tx) is None
        assert text_changes.count_since(tx, 0) == 1  # the newest, for its number
    assert len(list(library.folder.indexes.glob("*.index"))) == 1  # that of vectors


def test_it_is_written_anew_when_enough_changed_or_it_is_gone(library: SmallLibrary) -> None:
    publisher = WordsPublisher(library.folder, library.database, least=3)
    assert publisher.publish_if_due() == 0
    library.add("Film", ("a boat", "two boats", "three boats", "four boats"))
    assert publisher.publish_if_due() == 1
    assert publisher.publish_if_due() == 0
    assert publisher.publish() == 0
    with library.database.read() as tx:
        newest = word_generations.latest_words(tx)
    assert newest is not None
    path = library.folder.indexes / newest.file.file
    path.write_bytes(path.read_bytes()[:100])
    assert publisher.publish_if_due() == 1
    assert not path.exists()


def test_a_file_that_comes_back_is_looked_at_again(library: SmallLibrary) -> None:
    (path,) = [file for file in library.folder.indexes.glob("*.index") if b"shotlist words" in file.read_bytes()]
    content = path.read_bytes()
    path.unlink()
    reader = IndexedWords(library.folder)
    with library.database.read() as tx:
        assert reader.read(tx) is None
        path.write_bytes(content)
        assert reader.read(tx) is not None
