"""Ranking over a small library in a real store: every signal finds its own, and the best comes first."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Caption, Fingerprint, MediaInfo, Recipe
from indexer.ingest import Publisher
from indexer.ingest.embed import embed_new_captions
from indexer.library_folder import LibraryFolder
from indexer.search.candidates import MOST, Found, Lookup, best_of, rank, unranked
from indexer.search.evidence import read_grounds
from indexer.search.nearest import NearestCaptions
from indexer.search.query import Question
from indexer.search.vectors_of_questions import QuestionVectors
from indexer.search.wording import Wording, read_wording
from indexer.store import Database, Transaction, cues, hits, open_database, segments, settings, videos
from indexer.store.active_segments import segment_rows
from indexer.store.cues import Cue
from indexer.timecode import TimeRange
from tests.fakes.embedders import HashEmbedder

INFO = MediaInfo("mp4", "h264", 0, 640, 360, 0, Fraction(25), Fraction(25), None, None, None, None, None, "yuv420p")
MACHINE = Recipe("model/1")
SECOND = 1_000_000
FOOTAGE = {
    "Harbour days": ("a red boat crosses the harbour", "gulls above the lighthouse at sunrise"),
    "Night shift": ("a forklift lifts a box", "a guard walks past the gate"),
    "Lisbon 1987": ("a boat on a river", "people dance in the street", "red flags in the wind"),
}


class Ranked:
    def __init__(self, root: Path) -> None:
        self.folder = LibraryFolder(root)
        self.folder.create()
        self.embedder = HashEmbedder(longest_whole_word=9)
        self.database: Database = open_database(f"sqlite:///{self.folder.database_file}", purpose="write")
        self.nearest = NearestCaptions(self.folder)
        with self.database.write() as tx:
            settings.prefer(tx, MACHINE)
            for title, texts in FOOTAGE.items():
                video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields={})
                spans = [TimeRange(n * SECOND, (n + 1) * SECOND) for n in range(len(texts))]
                made = segments.put_segmentation(tx, video, recipe=MACHINE, origin="detected", spans=spans, cuts=[])
                segments.put_captions(
                    tx, [Caption(one.id, text, MACHINE) for one, text in zip(made, texts, strict=True)], {}
                )
            said = [Cue(0, SECOND, "careful with that crate"), Cue(SECOND, 2 * SECOND, "nobody there")]
            cues.replace_cues(tx, self.video_row(tx, "a forklift lifts a box"), "transcript", "test", said)
        embed_new_captions(self.database, self.embedder, video=None)
        Publisher(self.folder, self.database).publish(self.embedder.space)

    def video_row(self, tx: Transaction, text: str) -> int:
        return next(iter(hits.videos_of(tx, [self.row(tx, text)]).values()))

    def row(self, tx: Transaction, text: str) -> int:
        loaded = hits.load_hits(tx, hits.browse(tx, allowed=None, limit=99))
        return next(row for row, one in loaded.items() if one.text == text)

    def rank(self, tx: Transaction, question: Question, *, allowed: list[int] | None = None) -> list[Found]:
        vector = QuestionVectors().begin(self.embedder, question.text)
        rows = None if allowed is None else np.array(allowed, np.int64)
        lookup = Lookup(tx, self.embedder.space, vector, rows, self.nearest, words=None)
        return rank(lookup, question, self.wording(tx, question))

    def wording(self, tx: Transaction, question: Question) -> Wording:
        return read_wording(tx, question.content, {}, self.embedder.splits, prefixes=question.prefixes)

    def texts(self, tx: Transaction, found: list[Found]) -> list[str]:
        loaded = hits.load_hits(tx, [one.row for one in found])
        return [loaded[one.row].text for one in found]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Ranked:
    return Ranked(tmp_path_factory.mktemp("ranked"))


@pytest.fixture
def tx(library: Ranked) -> Iterator[Transaction]:
    with library.database.read() as tx:
        yield tx


def test_every_candidate_is_listed_once_best_first(library: Ranked, tx: Transaction) -> None:
    found = library.rank(tx, Question("red boat"))
    assert library.texts(tx, found)[0] == "a red boat crosses the harbour"
    assert len({one.row for one in found}) == len(found) == 7
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {one.video_row for one in found} == set(hits.videos_of(tx, [one.row for one in found]).values())


def test_places_are_those_of_each_signal_s_own_order(library: Ranked, tx: Transaction) -> None:
    found = library.rank(tx, Question("red boat"))
    for signal in ("meaning", "words"):
        assert sorted(one.places[signal] for one in found if signal in one.places) == list(
            range(1, 1 + sum(signal in one.places for one in found))
        )
    assert found[0].places["words"] == 1
    assert found[0].signals.every_word > 0


def test_what_was_said_finds_the_moment_it_was_said_in(library: Ranked, tx: Transaction) -> None:
    found = library.rank(tx, Question("crate"))
    assert library.texts(tx, found)[0] == "a forklift lifts a box"
    assert found[0].signals.cues > 0
    (line,) = found[0].cues.values()
    assert read_grounds(tx, found).lines[line] == "careful with that crate"
    assert "crate" not in library.wording(tx, Question("crate")).unknown


def test_a_line_that_holds_every_word_counts_as_a_text_that_does(library: Ranked, tx: Transaction) -> None:
    found = library.rank(tx, Question("careful crate"))
    assert library.texts(tx, found)[0] == "a forklift lifts a box"
    assert [one.signals.every_word > 0 for one in found].count(True) == 1
    across = library.rank(tx, Question("forklift crate"))
    assert across[0].signals.every_word > 0


def add(library: Ranked, title: str, *texts: str) -> int:
    """A video whose texts have no vectors yet; its row."""
    with library.database.write() as tx:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, title), title=title, fields={})
        spans = [TimeRange(n * SECOND, (n + 1) * SECOND) for n in range(len(texts))]
        made = segments.put_segmentation(tx, video, recipe=MACHINE, origin="detected", spans=spans, cuts=[])
        captions = [Caption(one.id, text, MACHINE) for one, text in zip(made, texts, strict=True)]
        segments.put_captions(tx, captions, {})
        rows = segment_rows(tx, [one.id for one in made])
        return next(iter(hits.videos_of(tx, rows.values()).values()))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Ranked:
    """More texts hold one word, and more videos another, than candidates are taken by each."""
    library = Ranked(tmp_path_factory.mktemp("large"))
    for number in range(80):
        add(library, f"Quay {number}", *(f"wall {number} stone {place} of the quarry" for place in range(9)))
    embed_new_captions(library.database, library.embedder, video=None)
    Publisher(library.folder, library.database).publish(library.embedder.space)
    return library


def test_every_candidate_is_compared_with_the_question_however_many_there_are(large: Ranked) -> None:
    question = Question("stone quay gulls")
    with large.database.read() as tx:
        found = large.rank(tx, question)
        texts = large.texts(tx, found)
    assert len(found) > 2 * MOST
    vectors = large.embedder.embed_captions(texts)
    cosines = vectors @ large.embedder.embed_queries([question.text])[0]
    assert [one.signals.cosine for one in found] == pytest.approx(cosines.tolist(), abs=0.02)
    assert all(one.signals.hub > 0 for one in found)


def test_what_has_no_vector_is_no_nearer_to_the_question_by_being_unlike_everything(large: Ranked) -> None:
    row = add(large, "Late", "a stone bridge")
    with large.database.read() as tx:
        found = large.rank(tx, Question("stone"))
    (late,) = (one for one in found if one.video_row == row)
    others = [one.signals for one in found if one.video_row != row]
    assert late.signals.cosine == min(one.cosine for one in others)
    assert late.signals.hub == pytest.approx(float(np.median([one.hub for one in others])))


def test_words_side_by_side_in_the_query_are_found_side_by_side_in_the_names(tmp_path: Path) -> None:
    library = Ranked(tmp_path)
    apart = add(library, "Mei Sousa: Ana Costa, Mei Sousa", "a market")
    together = add(library, "Interview with Ana Sousa at the old harbour", "a market")
    embed_new_captions(library.database, library.embedder, video=None)
    with library.database.read() as tx:
        found = library.rank(tx, Question("ana sousa market"))
        of_video = {one.video_row: one for one in found}
        assert of_video[apart].signals.names > of_video[together].signals.names
        assert [of_video[row].signals.side_by_side for row in (apart, together)] == [0, 1]
        assert found[0].video_row == together
    library.database.close()


def test_what_has_no_vector_is_as_near_as_the_median(tmp_path: Path) -> None:
    library = Ranked(tmp_path)
    with library.database.write() as tx:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, "Talk"), title="Talk", fields={})
        spans = [TimeRange(0, SECOND)]
        (made,) = segments.put_segmentation(tx, video, recipe=MACHINE, origin="detected", spans=spans, cuts=[])
        (row,) = segment_rows(tx, [made.id]).values()
        video_row = hits.videos_of(tx, [row])[row]
        cues.replace_cues(tx, video_row, "transcript", "test", [Cue(0, SECOND, "dogs barked over a red boat")])
    with library.database.read() as tx:
        found = library.rank(tx, Question("red boat dogs"))
        others = [one.signals.cosine for one in found if one.row != row]
        assert len(set(others)) > 2
        (silent,) = (one for one in found if one.row == row)
        assert silent.signals.cosine == pytest.approx(float(np.median(others)))
    library.database.close()


def test_every_word_may_stand_in_the_text_and_the_names_together(library: Ranked, tx: Transaction) -> None:
    found = library.rank(tx, Question("lisbon dance"))
    assert library.texts(tx, found)[0] == "people dance in the street"
    assert [one.signals.every_word > 0 for one in found].count(True) == 1


def test_a_prefix_is_any_of_the_words_that_begin_so(library: Ranked, tx: Transaction) -> None:
    wording = library.wording(tx, Question("gulls", prefixes=("sunr", "zzz")))
    assert wording.unknown == ("zzz*",)
    assert len(wording.asked) == 2
    found = library.rank(tx, Question("gulls", prefixes=("sunr",)))
    assert library.texts(tx, found)[0] == "gulls above the lighthouse at sunrise"
    assert found[0].signals.every_word > 0


def test_only_what_is_allowed_is_ranked(library: Ranked, tx: Transaction) -> None:
    allowed = sorted(library.row(tx, text) for text in ("a boat on a river", "a guard walks past the gate"))
    for question in (Question("red boat"), Question("lisbon"), Question("nobody")):
        assert {one.row for one in library.rank(tx, question, allowed=allowed)} <= set(allowed)
    assert library.rank(tx, Question("boat"), allowed=[]) == []


def test_the_better_of_two_questions_counts(library: Ranked, tx: Transaction) -> None:
    one, other = library.rank(tx, Question("forklift box")), library.rank(tx, Question("red flags"))
    both = best_of([one, other])
    assert set(library.texts(tx, both)[:2]) == {"a forklift lifts a box", "red flags in the wind"}
    scores = {found.row: found.score for found in [*one, *other]} | {}
    assert {found.row for found in both} == set(scores)
    for found in both:
        assert found.score == max(each.score for each in [*one, *other] if each.row == found.row)


def test_what_is_not_ranked_keeps_its_order(tx: Transaction) -> None:
    assert [one.row for one in unranked(tx, [3, 99_999, 1, 2])] == [3, 1, 2]
