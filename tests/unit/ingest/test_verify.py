"""Every kind of damage, one at a time: found, found alone, and mended."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from indexer.domain import Caption, Recipe
from indexer.errors import LibraryError
from indexer.ingest.reindex import reindex
from indexer.ingest.verify import Checked, verify
from indexer.store import cues, embeddings, jobs, recipes, segments, videos
from indexer.store.jobs import NewUnit
from tests.fakes.small_library import RECIPE, SmallLibrary, age, copy_of, small_library

Harm = Callable[[SmallLibrary], None]


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> SmallLibrary:
    made = small_library(tmp_path_factory.mktemp("pattern"))
    made.database.close()
    return made


@pytest.fixture
def library(pattern: SmallLibrary, tmp_path: Path) -> Iterator[SmallLibrary]:
    made = copy_of(pattern, tmp_path)
    yield made
    made.database.close()


def sql(*statements: str) -> Harm:
    def harm(library: SmallLibrary) -> None:
        with library.database.write() as tx:
            for statement in statements:
                tx.execute(text(statement))

    return harm


def first_picture(library: SmallLibrary) -> Path:
    return sorted(library.folder.keyframes.rglob("*.jpg"))[0]


def the_index(library: SmallLibrary) -> Path:
    (file,) = library.folder.indexes.glob("*.index")
    return file


def cut_picture(library: SmallLibrary) -> None:
    picture = first_picture(library)
    picture.write_bytes(picture.read_bytes()[:-40])


def blank_picture(library: SmallLibrary) -> None:
    """As a power cut leaves a file that was never synced."""
    first_picture(library).write_bytes(b"")


def stray(folder: str, name: str) -> Harm:
    def harm(library: SmallLibrary) -> None:
        file = library.folder.root / folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"stray")
        age(file)

    return harm


def harm_index(library: SmallLibrary) -> None:
    content = bytearray(the_index(library).read_bytes())
    content[-1] ^= 255
    the_index(library).write_bytes(content)


def forget_an_embedding_in_the_index(library: SmallLibrary) -> None:
    """A vector that counts as published and is in no file."""
    sql("UPDATE embedding SET seq = 1 WHERE row = (SELECT max(row) FROM embedding)")(library)
    with library.database.write() as tx:
        row = tx.execute(text("SELECT max(row) FROM embedding")).scalar_one()
        caption = tx.execute(text("SELECT item_id FROM embedding WHERE row = :row"), {"row": row}).scalar_one()
        vector = embeddings.vectors_of(tx, [row])[row][None]
        embeddings.put_vectors(tx, library.embedder.space, [(caption, RECIPE)], vector)
    sql("UPDATE embedding SET seq = 1 WHERE row = (SELECT max(row) FROM embedding)")(library)


def shorten_a_vector(library: SmallLibrary) -> None:
    with library.database.write() as tx:
        tx.execute(text("UPDATE embedding SET vec = :vec WHERE row = 1"), {"vec": bytes(4)})


def swap_vectors(library: SmallLibrary) -> None:
    """Each of two texts has the other's vector: fit for all that a look at one can tell."""
    with library.database.write() as tx:
        one, two = tx.execute(text("SELECT row FROM embedding ORDER BY row LIMIT 2")).scalars().all()
        vectors = embeddings.vectors_of(tx, [one, two])
        put = text("UPDATE embedding SET vec = :vec WHERE row = :row")
        tx.execute(put, [{"row": one, "vec": vectors[two].tobytes()}, {"row": two, "vec": vectors[one].tobytes()}])


def leave_homeless_work(library: SmallLibrary) -> None:
    with library.database.write() as tx:
        video = library.videos["Harbour"]
        jobs.put(tx, [NewUnit(key="keyframes x", stage="keyframes", weight=1, video=video)])
        tx.execute(text("UPDATE work_unit SET video_row = NULL"))


def lengthen_file(library: SmallLibrary) -> None:
    (library.footage / "Harbour.mp4").write_bytes(b"longer than it was")


def double_a_caption(library: SmallLibrary) -> None:
    with library.database.write() as tx:
        detail = segments.details(tx, library.videos["Harbour"])[0]
        again = Caption(detail.segment.id, detail.captions[0].text, RECIPE, ordinal=1)
        segments.put_captions(tx, [again], {})


def misread_a_line(library: SmallLibrary) -> None:
    with library.database.write() as tx:
        cues.replace_cues(tx, 1, "transcript", "a person", [cues.Cue(0, 1_000_000, "cast off")])
        tx.execute(text("UPDATE cue SET tokens = 'x'"))


SOME_TEXT = "(SELECT min(segment_row) FROM segment_text)"
MENDED: dict[str, tuple[Harm, list[str]]] = {
    "another text": (sql(f"UPDATE segment_text SET text = 'x' WHERE segment_row = {SOME_TEXT}"), ["text"]),
    "other words": (sql(f"UPDATE segment_text SET tokens = 'x' WHERE segment_row = {SOME_TEXT}"), ["text"]),
    "no text": (sql(f"DELETE FROM segment_text WHERE segment_row = {SOME_TEXT}"), ["text"]),
    "a rejected text": (sql("UPDATE caption SET rejected = true WHERE row = (SELECT min(row) FROM caption)"), ["text"]),
    "other words of a line": (misread_a_line, ["cue"]),
    "other names": (sql("UPDATE video_text SET trigrams = 'abc' WHERE video_row = 1"), ["name"]),
    "no names": (sql("DELETE FROM video_text WHERE video_row = 1"), ["name"]),
    "a title": (sql("UPDATE video SET title = 'Quay' WHERE row = 1"), ["name"]),
    "a caption twice": (double_a_caption, ["caption_twice"]),
    "no vector": (sql("DELETE FROM embedding WHERE row = 1"), ["vector_missing", "index_differs"]),
    "a short vector": (shorten_a_vector, ["vector_unfit"]),
    "exchanged vectors": (swap_vectors, ["index_differs"]),
    "a vector beside the index": (forget_an_embedding_in_the_index, ["index_differs"]),
    "no caption": (sql("DELETE FROM segment_text WHERE caption_row = 1", "DELETE FROM caption WHERE row = 1"),
                   ["incomplete", "vector_homeless"]),
    "a harmed index": (harm_index, ["index_damaged"]),
    "no index": (lambda library: the_index(library).unlink(), ["index_damaged"]),
    "a stray index": (stray("indexes", "stray.index"), ["index_orphan"]),
    "an unfinished index": (stray("indexes", ".stray.tmp"), ["index_orphan"]),
    "no picture": (lambda library: first_picture(library).unlink(), ["keyframe_missing"]),
    "half a picture": (cut_picture, ["keyframe_broken"]),
    "an empty picture": (blank_picture, ["keyframe_broken"]),
    "an unrecorded picture": (sql("DELETE FROM derived_file WHERE row = 1"), ["incomplete"]),
    "a stray picture": (stray("keyframes/v1", "s1.jpg"), ["keyframe_orphan"]),
    "a stray clip": (stray("clips", "s1.mp4"), ["clip_orphan"]),
    "a stray spool": (stray("spool", "s1.spool"), ["spool_orphan"]),
    "no file": (lambda library: (library.footage / "Harbour.mp4").unlink(), ["file_missing"]),
    "a longer file": (lengthen_file, ["file_changed"]),
    "homeless work": (leave_homeless_work, ["unit_homeless"]),
}  # fmt: skip
FOR_PEOPLE: dict[str, tuple[Harm, list[str]]] = {
    "a segment's id": (sql("UPDATE segment SET id = 's0' WHERE row = 1"), ["segment_id"]),
    "a gap": (sql("DELETE FROM segmentation_segment WHERE segment_row = 2"), ["segment_gap", "text"]),
    "no end": (sql("UPDATE video SET duration_us = duration_us + 1 WHERE row = 1"), ["segment_gap"]),
}


def test_a_sound_library_has_no_findings(library: SmallLibrary) -> None:
    told = list(verify(library.folder, library.database, space=library.embedder.space))
    assert {one.what: one.count for one in told if isinstance(one, Checked)} == {
        "database": 1,
        "tables of full text": 5,
        "videos": 2,
        "pictures": 5,
        "files of footage": 2,
        "vectors": 5,
        "index files": 1,
        "clips": 0,
        "spools": 0,
        "units of work": 0,
    }
    assert len(told) == 10


@pytest.mark.parametrize("name", MENDED)
def test_damage_is_found_alone_and_mended(library: SmallLibrary, name: str) -> None:
    harm, expected = MENDED[name]
    harm(library)
    assert library.kinds() == expected
    assert all(one.repairable for one in library.findings())
    assert library.repair()[0]
    assert library.kinds() == []


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_what_only_people_can_mend_is_found_and_stays(library: SmallLibrary, name: str) -> None:
    harm, expected = FOR_PEOPLE[name]
    harm(library)
    assert library.kinds() == expected
    assert not library.repair()[0]
    assert library.kinds() == expected[:1]


def test_what_a_repair_queues_is_what_is_lacking(library: SmallLibrary) -> None:
    first_picture(library).unlink()
    assert library.repair() == (True, 1)
    with library.database.read() as tx:
        [(key, state)] = tx.execute(text("SELECT stage, state FROM work_unit")).all()
        assert sorted(video.complete for video in videos.load(tx)) == [False, True]
    assert (key, state) == ("keyframes", "waiting")


def test_what_is_being_worked_on_is_no_finding(library: SmallLibrary) -> None:
    video = library.videos["Harbour"]
    with library.database.write() as tx:
        jobs.put(tx, [NewUnit(key="k", stage="keyframes", weight=1, video=video)])
    sql("DELETE FROM derived_file WHERE video_row = 1", "DELETE FROM embedding WHERE item_id = 1")(library)
    for picture in library.folder.keyframes_of(video).iterdir():
        age(picture)
    library.publish()
    kinds = library.kinds()
    assert "incomplete" not in kinds
    assert "vector_missing" not in kinds
    assert "keyframe_orphan" not in kinds


def test_captions_by_a_captioner_that_was_asked_for_lack_nothing(library: SmallLibrary) -> None:
    """The library wants those of `big/1`; for these files another model was asked, and the texts by it are there."""
    with library.database.write() as tx:
        recipes.want(tx, Recipe("big/1"), captioner="big")
    assert library.kinds() == []
    sql("DELETE FROM caption WHERE row = 1")(library)
    assert "incomplete" in library.kinds()


def test_young_files_that_nobody_names_may_be_named_yet(library: SmallLibrary) -> None:
    (library.folder.indexes / "young.index").write_bytes(b"")
    (library.folder.clips / "young.mp4").write_bytes(b"")
    first_picture(library).with_name("young.jpg").write_bytes(b"")
    assert library.kinds() == []


def test_a_share_that_is_away_is_told_once_and_no_damage(library: SmallLibrary) -> None:
    shutil.rmtree(library.footage)
    told = list(verify(library.folder, library.database, space=library.embedder.space))
    [files] = [one for one in told if isinstance(one, Checked) and one.what == "files of footage"]
    assert files.remarks == ("2 of footage are away with their share or disk",)
    assert library.kinds() == []


def test_work_that_failed_is_counted_and_no_damage(library: SmallLibrary) -> None:
    with library.database.write() as tx:
        jobs.put(tx, [NewUnit(key="k", stage="keyframes", weight=1, video=library.videos["Harbour"])])
        tx.execute(text("UPDATE work_unit SET state = 'failed'"))
    told = list(verify(library.folder, library.database, space=library.embedder.space))
    assert told[-1] == Checked("units of work", 1, ("1 failed; see: shotlist failures",))
    assert library.kinds() == []


@pytest.mark.postgres
class TestOnPostgres:
    """What the database is asked, asked of a server."""

    ASKED = ("another text", "no text", "other names", "a caption twice", "no vector", "a short vector",
             "exchanged vectors", "a vector beside the index", "no caption", "an unrecorded picture",
             "homeless work")  # fmt: skip

    @pytest.fixture
    def library(self, tmp_path: Path, postgres_url: str) -> Iterator[SmallLibrary]:
        made = small_library(tmp_path, postgres_url)
        yield made
        made.database.close()

    @pytest.mark.parametrize("name", ASKED)
    def test_damage_is_found_alone_and_mended(self, library: SmallLibrary, name: str) -> None:
        harm, expected = MENDED[name]
        assert library.kinds() == []
        harm(library)
        assert library.kinds() == expected
        assert library.repair()[0]
        assert library.kinds() == []

    @pytest.mark.parametrize("name", FOR_PEOPLE)
    def test_what_only_people_can_mend_is_found(self, library: SmallLibrary, name: str) -> None:
        harm, expected = FOR_PEOPLE[name]
        harm(library)
        assert library.kinds() == expected

    def test_reindexing(self, library: SmallLibrary) -> None:
        told: list[str] = []
        reindex(library.folder, library.database, tell=told.append)
        assert told[-1] == "1 indexes of hash/64 are written"
        assert library.kinds() == []


class TestFullText:
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO segment_text_fts(segment_text_fts) VALUES ('delete-all')",
            "INSERT INTO segment_text_fts(rowid, tokens) VALUES (99, 'ghost')",
            "INSERT INTO video_trigram_fts(video_trigram_fts) VALUES ('delete-all')",
            "INSERT INTO word_fts(rowid, words) VALUES (2, 'ghost')",
            "DELETE FROM segment_text_fts_data WHERE id > 10",
        ],
    )
    def test_full_text_that_differs_from_the_texts(self, library: SmallLibrary, statement: str) -> None:
        sql(statement)(library)
        assert library.kinds() == ["full_text"]
        assert library.repair()[0]
        assert library.kinds() == []

    def test_full_text_of_which_nothing_is_left(self, library: SmallLibrary) -> None:
        sql("DELETE FROM segment_text_fts_data")(library)
        assert library.kinds() == ["full_text"]
        assert not library.repair()[0]
        with pytest.raises(LibraryError, match="from a backup"):
            reindex(library.folder, library.database)

    def test_rows_that_point_nowhere(self, library: SmallLibrary) -> None:
        connection = library.database._writing.raw_connection()
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM root")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.close()
        assert library.kinds() == ["database", "database"]
        assert not library.repair()[0]

    def test_a_library_that_cannot_be_written_to_is_verified(self, library: SmallLibrary) -> None:
        from indexer.store import open_database

        reading = open_database(library.database.url, purpose="read")
        told = list(verify(library.folder, reading, space=library.embedder.space))
        assert all(isinstance(one, Checked) for one in told)
        reading.close()
