"""Starting the server: where it may listen, and what it is set to."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from streamlit import config

from indexer.errors import UsageError
from search_ui.__main__ import main
from search_ui.server import LOOPBACK, check_address, configuration

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "footage.example", "127.0.0.1.example", ""])
def test_a_host_seen_from_other_machines_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match="no login yet"):
        check_address(host, 8501)


def test_the_refusal_is_one_clear_line() -> None:
    answer = CliRunner().invoke(main, ["--library", "here", "--host", "0.0.0.0"])
    assert answer.exit_code == 1
    assert answer.stderr.startswith("shotlist: --host 0.0.0.0 is refused: the page has no login yet")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("host", [host for host in LOOPBACK if ":" not in host])
def test_loopback_is_served(host: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    check_address(host, free)


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used"):
            check_address("127.0.0.1", port)


def test_every_setting_is_one_that_streamlit_knows() -> None:
    known = config._config_options_template
    assert [name for name in configuration(host="127.0.0.1", port=8501) if name not in known] == []


def test_nothing_is_told_to_anyone() -> None:
    assert configuration(host="127.0.0.1", port=8501)["browser.gatherUsageStats"] is False


def test_loading_the_page_loads_no_model() -> None:
    code = "import sys, search_ui.app; print(sorted({'torch', 'transformers', 'faiss'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real server, started in an unrelated folder over a library that is not there; gives its address."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "search_ui", "--library", "none", "--port", str(port)],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(server, address)
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _wait_until_healthy(server: "subprocess.Popen[str]", address: str) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise AssertionError(server.communicate()[1])
        try:
            if httpx2.get(f"{address}/_stcore/health").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_the_page_is_served_from_any_working_directory(served: str) -> None:
    answer = httpx2.get(served)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_footage_of_no_library_is_404_with_a_word(served: str) -> None:
    answer = httpx2.get(f"{served}/footage/video/v1")
    assert answer.status_code == 404
    assert "shotlist add" in answer.text


def test_unknown_footage_addresses_do_not_fall_to_the_page(served: str) -> None:
    assert httpx2.get(f"{served}/footage/x/y").status_code == 404


def test_the_server_answers_to_no_other_name(served: str) -> None:
    assert httpx2.get(served, headers={"Host": "footage.example"}).status_code == 400
