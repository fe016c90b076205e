"""The schema: one truth on both databases, upgraded under a lock, refused when it is newer than the program."""

import sqlite3
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from indexer.domain import Decoded, Fingerprint, Keyframe, Recipe, SegmentId, Stretch, VideoId
from indexer.errors import LibraryError, UsageError
from indexer.store import (
    SchemaState,
    cues,
    fulltext,
    fulltext_checks,
    open_database,
    schema_state,
    segments,
    upgrade_schema,
    videos,
)
from indexer.store.cues import Cue
from indexer.store.engine import parse_url
from indexer.store.schema import HEAD, REVISIONS, alembic_config, migrations_folder
from indexer.store.segments import PlannedKeyframe
from indexer.store.tables import Base

ROOT = Path(__file__).resolve().parents[3]
_VIDEO = (
    "INSERT INTO video (row, id, kind, title, duration_us, width, height, rotation, codec, pixel_format, container, "
    "complete, added_at) VALUES "
)
_LOCATION = (
    "INSERT INTO location (video_row, root_row, relative_path, relative_text, stream_index, size, mtime_ns, online) "
    "VALUES "
)
FIRST_LIBRARY = (
    "INSERT INTO root (row, name, path, path_text) VALUES (1, 'tapes', :name, 'tapes')",
    f"{_VIDEO} (1, 'v1', 'file', 'A', 9000000, 640, 360, 0, 'h264', 'yuv420p', 'mov', true, '2024-01-01')",
    f"{_VIDEO} (2, 'v2', 'file', 'B', 9000000, 640, 360, 0, 'h264', 'yuv420p', 'mov', true, '2024-01-01')",
    "INSERT INTO fingerprint (video_row, size, samples) VALUES (1, 7, 's7')",
    "INSERT INTO fingerprint (video_row, size, samples) VALUES (2, 8, 's8')",
    f"{_LOCATION} (1, 1, :name, 'a', 3, 7, 1, true)",
    f"{_LOCATION} (1, 1, :copy, 'copy', 0, 7, 1, true)",
    f"{_LOCATION} (2, 1, :plain, 'b', 0, 8, 1, true)",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'library.db'}"
    return str(request.getfixturevalue("postgres_url"))


def test_the_program_knows_every_revision_in_order() -> None:
    from alembic.script import ScriptDirectory

    walked = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    assert tuple(reversed(walked)) == REVISIONS


def test_the_migrations_make_the_tables_the_program_uses(empty_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    upgrade_schema(empty_url)
    with create_engine(parse_url(empty_url)).connect() as connection:

        def is_ours(_object: object, name: str | None, *_rest: object) -> bool:
            return name is None or not ("_fts" in name or name.startswith("fulltext_"))

        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_library_of_the_first_schema_keeps_what_it_holds(empty_url: str) -> None:
    from alembic import command

    with create_engine(parse_url(empty_url)).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in FIRST_LIBRARY:
            connection.execute(text(statement), {"name": b"caf\xe9.mov", "copy": b"copy", "plain": b"b"})
    assert schema_state(empty_url).current == "0001"
    with pytest.raises(LibraryError, match="earlier version"):
        open_database(empty_url, purpose="read")
    upgrade_schema(empty_url)
    database = open_database(empty_url, purpose="write")
    with database.write() as tx:
        two_streams, plain = videos.load(tx)
        assert (two_streams.title, two_streams.duration_us, two_streams.complete) == ("A", 9_000_000, True)
        assert [location.stream_index for location in two_streams.locations] == [3, 3], "the copy's was not noted"
        assert [location.stream_index for location in plain.locations] == [0]
        assert (videos.decoded(tx, plain.id), videos.stretches(tx, plain.id)) == (None, ())
        assert [videos.stream_of(tx, Fingerprint(size, f"s{size}")) for size in (7, 8)] == [3, 0]
        videos.set_decoded(tx, plain.id, Decoded(225, 9_000_000, Fraction(25), (Stretch(0, -40_000),)))
        assert videos.decoded(tx, plain.id) == Decoded(225, 9_000_000, Fraction(25), (Stretch(0, -40_000),))
    database.close()


_SEGMENT = "INSERT INTO segment (row, id, video_row, start_us, end_us) VALUES"
_PICTURE = "INSERT INTO derived_file (video_row, segment_row, kind, recipe_row, t_us, path, state) VALUES"
ONE_PICTURE_A_SEGMENT = (
    f"{_VIDEO} (1, 'v1', 'file', 'A', 9000000, 640, 360, 0, 'h264', 'yuv420p', 'mov', true, '2024-01-01')",
    "INSERT INTO recipe (row, name) VALUES (1, 'content/1')",
    "INSERT INTO segmentation (row, video_row, recipe_row, origin, active) VALUES (1, 1, 1, 'detected', true)",
    f"{_SEGMENT} (1, 's1', 1, 0, 4000000)",
    f"{_SEGMENT} (2, 's2', 1, 4000000, 9000000)",
    "INSERT INTO segmentation_segment (segmentation_row, segment_row, ordinal, keyframe_us) VALUES (1, 1, 0, 1000000)",
    "INSERT INTO segmentation_segment (segmentation_row, segment_row, ordinal, keyframe_us) VALUES (1, 2, 1, 5000000)",
    f"{_PICTURE} (1, 1, 'keyframe', 1, 1000000, 'keyframes/v1/s1.jpg', 'ready')",
)


def test_a_library_with_one_picture_a_segment_keeps_what_was_made_and_planned(empty_url: str) -> None:
    from alembic import command

    with create_engine(parse_url(empty_url)).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in ONE_PICTURE_A_SEGMENT:
            connection.execute(text(statement))
    upgrade_schema(empty_url)
    database = open_database(empty_url, purpose="write")
    with database.write() as tx:
        video = VideoId("v1")
        assert segments.without_keyframe(tx, video) == [PlannedKeyframe(SegmentId("s2"), 0, 5_000_000)]
        first, second = segments.details(tx, video)
        assert first.keyframes == (
            Keyframe(SegmentId("s1"), 1_000_000, Recipe("content/1"), "keyframes/v1/s1.jpg", 0, None, None),
        )
        assert (second.keyframes, second.scene) == ((), None)
    database.close()


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    assert schema_state(empty_url) == SchemaState(None, HEAD)
    assert upgrade_schema(empty_url) == SchemaState(HEAD, HEAD)
    assert upgrade_schema(empty_url) == SchemaState(HEAD, HEAD)
    assert schema_state(empty_url) == SchemaState(HEAD, HEAD)


@pytest.mark.parametrize("purpose", ["read", "write"])
def test_a_library_of_a_later_program_is_refused(empty_url: str, purpose: str) -> None:
    upgrade_schema(empty_url)
    with create_engine(parse_url(empty_url)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema_state(empty_url).newer
    with pytest.raises(LibraryError, match="later version"):
        open_database(empty_url, purpose="read" if purpose == "read" else "write")
    with pytest.raises(LibraryError, match="later version"):
        upgrade_schema(empty_url)


def test_a_failed_upgrade_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE embedding (in_the_way)")  # the last tables of the migration will not fit
    with pytest.raises(LibraryError, match="already exists"):
        upgrade_schema(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("embedding",)]


def test_two_processes_can_open_a_fresh_library_for_writing_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'library.db'}"
    code = (
        "import sys; from indexer.store import open_database, settings\n"
        f"database = open_database({url!r}, purpose='write')\n"
        "with database.write() as tx: settings.put(tx, sys.argv[1], 'was here')"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(number)], cwd=ROOT, stderr=subprocess.PIPE)
        for number in range(4)
    ]
    for process in processes:
        assert process.communicate()[1] == b""
        assert process.returncode == 0
    with sqlite3.connect(tmp_path / "library.db") as connection:
        assert connection.execute("SELECT count(*) FROM setting").fetchone() == (4,)


@pytest.mark.postgres
def test_postgres_is_upgraded_only_when_asked(postgres_url: str) -> None:
    for purpose in ("read", "write"):
        with pytest.raises(LibraryError, match="shotlist db upgrade"):
            open_database(postgres_url, purpose="read" if purpose == "read" else "write")
    assert schema_state(postgres_url).current is None


@pytest.mark.parametrize("url", ["mysql://server/library", "library.db", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(UsageError):
        open_database(url, purpose="write")


def test_the_migrations_are_found_in_a_checkout() -> None:
    assert migrations_folder() == ROOT / "migrations"


def test_a_library_without_lines_of_speech_can_take_some(empty_url: str) -> None:
    from alembic import command

    with create_engine(parse_url(empty_url)).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for statement in (
            f"{_VIDEO} (1, 'v1', 'file', 'Boats', 9000000, 640, 360, 0, 'h264', 'yuv420p', 'mov', true, '2024-01-01')",
            "INSERT INTO video_text (video_row, tokens, words, trigrams) VALUES (1, 'boat', 'boats', '')",
        ):
            connection.execute(text(statement))
    upgrade_schema(empty_url)
    database = open_database(empty_url, purpose="write")
    with database.write() as tx:
        assert cues.replace_cues(tx, 1, "transcript", "a person", [Cue(0, 1_000_000, "hello boats")]) == 1
        assert fulltext.known_words(tx, ["boats", "hello"]) == {"boats": 2, "hello": 1}
        assert [t for t in fulltext_checks.FULL_TEXT if fulltext_checks.wrong_full_text(tx, t)] == []
    database.close()
