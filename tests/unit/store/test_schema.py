"""The schema: one truth on both databases, upgraded under a lock, refused when it is newer than the program."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from indexer.errors import LibraryError, UsageError
from indexer.store import SchemaState, open_database, schema_state, upgrade_schema
from indexer.store.engine import parse_url
from indexer.store.schema import HEAD, REVISIONS, alembic_config, migrations_folder
from indexer.store.tables import Base

ROOT = Path(__file__).resolve().parents[3]


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
