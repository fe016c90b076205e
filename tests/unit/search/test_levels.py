"""When nothing matches: in each library it is another cosine, found without anybody's judgement."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Fingerprint, Recipe
from indexer.ingest import Publisher
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.levels import FEWEST_QUESTIONS, measure_levels, questions
from indexer.library_folder import LibraryFolder
from indexer.search.levels import ELSEWHERE, PACKAGED, Levels, read_levels
from indexer.store import Database, open_database, search_levels, segments, settings, videos
from indexer.store.search_levels import Level, SampledText
from tests.fakes.captioned_library import INFO, caption, spans_of
from tests.fakes.embedders import HashEmbedder

RECIPE = Recipe("test/1")
TOOLS = ("knife", "pan", "spoon", "grater", "whisk")
FOODS = ("onion", "carrot", "garlic", "potato", "leek")
DEEDS = ("cuts", "washes", "peels", "fries")
COOKING = [f"a cook {deed} the {food} with a {tool}" for tool in TOOLS for food in FOODS for deed in DEEDS]
MANY = [f"{a} {b} {c} {d}" for a, b, c, d in zip(*(iter(f"word{n}" for n in range(400)),) * 4, strict=True)]


class Kitchen:
    def __init__(self, root: Path, texts: Sequence[str], *, a_video: int = 4) -> None:
        self.folder = LibraryFolder(root)
        self.folder.create()
        self.embedder = HashEmbedder()
        self.database: Database = open_database(f"sqlite:///{self.folder.database_file}", purpose="write")
        with self.database.write() as tx:
            settings.prefer(tx, RECIPE)
        self.add(texts, a_video=a_video)

    def add(self, texts: Sequence[str], *, a_video: int = 4) -> None:
        with self.database.write() as tx:
            for start in range(0, len(texts), a_video):
                some, title = texts[start : start + a_video], f"{texts[start]} {start}"
                video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields={})
                spans = spans_of(*range(len(some) + 1))
                made = segments.put_segmentation(tx, video, recipe=RECIPE, origin="detected", spans=spans, cuts=[])
                caption(tx, RECIPE, {one.id: text for one, text in zip(made, some, strict=True)})
        embed_new_captions(self.database, self.embedder, video=None)
        Publisher(self.folder, self.database).publish(self.embedder.space)

    def measure(self) -> bool:
        return measure_levels(self.folder, self.database, self.embedder)

    @property
    def levels(self) -> Levels:
        with self.database.read() as tx:
            return read_levels(tx, self.embedder.space)


def test_levels_move_with_the_library(tmp_path: Path) -> None:
    """Where every caption is like another, a question that belongs there lies near; where none is, it does not."""
    dense, scattered = Kitchen(tmp_path / "dense", COOKING), Kitchen(tmp_path / "scattered", MANY)
    assert dense.measure()
    assert scattered.measure()
    for words in (3, 4):
        assert dense.levels.at(words).nothing > scattered.levels.at(words).nothing + 0.1
    assert dense.levels.at(4).nothing > dense.levels.at(1).nothing, "fewer words come less near"


def test_what_belongs_here_is_not_silenced_and_what_is_foreign_is(tmp_path: Path) -> None:
    kitchen = Kitchen(tmp_path, COOKING)
    kitchen.measure()
    stored = kitchen.embedder.embed_captions(COOKING)

    def strengths(asked: Sequence[str], words: int) -> list[str]:
        cosines = kitchen.embedder.embed_queries(asked) @ stored.T
        return [kitchen.levels.strength(float(one), words=words) for one in cosines.max(axis=1)]

    own = strengths(["cuts onion pan", "peels leek knife", "fries garlic whisk", "washes potato spoon"], 3)
    assert "none" not in own
    assert set(strengths(["spaceship lands moon", "goal stadium crowd", "violin concert hall"], 3)) == {"none"}


def test_levels_are_measured_once_until_the_library_outgrows_them(tmp_path: Path) -> None:
    kitchen = Kitchen(tmp_path, COOKING[:60])
    assert kitchen.measure()
    assert not kitchen.measure()
    kitchen.add(COOKING[60:70])
    assert not kitchen.measure()
    kitchen.add(COOKING[70:])
    assert kitchen.measure()


@pytest.mark.parametrize("a_video", [4, 100], ids=["too few texts", "one video"])
def test_what_cannot_be_measured_is_not_guessed(tmp_path: Path, a_video: int) -> None:
    kitchen = Kitchen(tmp_path, COOKING[: FEWEST_QUESTIONS - 1] if a_video == 4 else COOKING, a_video=a_video)
    assert not kitchen.measure()
    assert kitchen.levels.strength(-0.9, words=3) == "fair", "of an encoder nobody measured words decide"


def test_the_packaged_encoder_has_levels_of_its_own(tmp_path: Path) -> None:
    kitchen = Kitchen(tmp_path, COOKING[:4])
    with kitchen.database.read() as tx:
        levels = read_levels(tx, f"{PACKAGED}12345678/384")
    told = [levels.strength(cosine, words=3) for cosine in (0.6, ELSEWHERE.strong, 0.4, 0.38, -1.0)]
    assert told == ["strong", "strong", "fair", "weak", "weak"]


def test_levels_lie_between_those_measured() -> None:
    levels = Levels((Level(2, 0.2, 0.3, 0.5), Level(4, 0.4, 0.5, 0.7)))
    between = levels.at(3)
    assert (between.nothing, between.fair, between.strong) == pytest.approx((0.3, 0.4, 0.6))
    assert levels.at(1).nothing == 0.2
    assert levels.at(40).strong == 0.7


@given(st.lists(st.text(max_size=40), max_size=20), st.integers(1, 9))
def test_questions_are_words_of_their_texts_in_order(texts: list[str], number: int) -> None:
    sample = [SampledText(place, text) for place, text in enumerate(texts)]
    asked = questions(sample, number)
    assert asked == questions(sample, number), "the same ones each time"
    for place, question in asked:
        assert len(question.split()) == number
        assert len(set(question.split())) == number
        assert place < len(texts)


def test_levels_are_kept_for_each_space(tmp_path: Path) -> None:
    kitchen = Kitchen(tmp_path, COOKING[:4])
    level = Level(3, 0.25, 0.5, 0.75)
    with kitchen.database.write() as tx:
        search_levels.write(tx, "one/64", [level], texts=7)
    with kitchen.database.read() as tx:
        assert search_levels.read(tx, "one/64") == [level]
        assert search_levels.texts_then(tx, "one/64") == 7
        assert search_levels.read(tx, "two/64") == []
        assert search_levels.texts_then(tx, "two/64") == 0
