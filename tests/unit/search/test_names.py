"""How well names answer: each word by the field that holds it best."""

from collections.abc import Iterator, Mapping

import pytest

from indexer.domain import Fingerprint
from indexer.library_folder import LibraryFolder
from indexer.search import fusion
from indexer.search.names import NamesLookup, begin_names
from indexer.search.query import Question
from indexer.search.wording import read_wording
from indexer.store import Database, Transaction, bm25, fulltext, open_database, videos
from tests.fakes.captioned_library import INFO

NAMED: Mapping[str, Mapping[str, str]] = {
    "Ada Lovelace": {"people": "Ada Lovelace"},
    "Studio visit": {"people": "Ada Lovelace"},
    "Night shift": {"people": "Grace Hopper", "tags": "quay"},
    "Quay": {},
    "Quay at night with a crane and two cats": {},
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = LibraryFolder(tmp_path_factory.mktemp("named"))
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    with database.write() as tx:
        for title, fields in NAMED.items():
            videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields=dict(fields))
    yield database
    database.close()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.read() as tx:
        yield tx


def asked(tx: Transaction, text: str) -> NamesLookup:
    return begin_names(tx, read_wording(tx, Question(text).content, {}, lambda word: False))


def shares(tx: Transaction, text: str) -> dict[str, float]:
    """{title: M} of the videos whose names hold a word of it."""
    found = asked(tx, text).best(9)
    titles = dict(enumerate(NAMED, start=1))
    return {titles[row]: share for row, share in found.shares.items()}


def test_a_name_said_twice_is_one_name(tx: Transaction) -> None:
    found = shares(tx, "ada lovelace")
    assert found.keys() == {"Ada Lovelace", "Studio visit"}
    assert found["Studio visit"] == pytest.approx(1 / bm25.SATURATION)
    assert found["Ada Lovelace"] < 1.3 * found["Studio visit"]  # a little more: the title is short


def test_a_short_title_is_more_about_its_words_than_a_long_one(tx: Transaction) -> None:
    found = shares(tx, "quay")
    assert found["Quay"] > found["Quay at night with a crane and two cats"] > 0
    assert found["Night shift"] == pytest.approx(1 / bm25.SATURATION)  # a tag, whatever else is stated


def test_words_that_no_name_holds_make_the_others_less_sure(tx: Transaction) -> None:
    assert shares(tx, "hopper zebra")["Night shift"] < shares(tx, "hopper")["Night shift"]
    assert shares(tx, "zebra") == {}


def test_fields_weigh_as_the_rule_says(tx: Transaction, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shares(tx, "grace")["Night shift"]
    monkeypatch.setitem(fusion.NAME_FIELDS, "fields", 0.5)
    assert shares(tx, "grace")["Night shift"] == pytest.approx(before / 2)
    assert fusion.NAME_FIELDS["file_names"] < fusion.NAME_FIELDS["title"]


def test_any_video_can_be_asked_for_whether_among_the_best_or_not(tx: Transaction) -> None:
    lookup = asked(tx, "quay crane")
    best, everything = lookup.best(1), lookup.of(range(1, 99))
    assert len(best.shares) == 1
    assert len(everything.shares) == 3
    assert (best | everything) == everything
    assert everything.stems[5] == {"quai", "crane"}
    assert everything.side_by_side == frozenset()
    assert asked(tx, "ada lovelace").of([1, 2]).side_by_side == {1, 2}


def test_what_most_of_many_names_hold_tells_nothing() -> None:
    assert fulltext.telling({"video": 1_600, "quay": 3}, 3_000) == {"quay": 3}
    assert fulltext.telling({"video": 2, "quay": 1}, 2) == {"video": 2, "quay": 1}
