"""Captions from a server, through the command line as a user asks for them."""

from pathlib import Path

import pytest

from data.demo import SAMPLES
from tests.fakes.openai_server import OpenAIServer
from tests.integration.command_line import run

FILM = SAMPLES / "warehouse-7.mkv"


def test_captions_by_a_server_on_this_machine(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with OpenAIServer() as server:
        ended = run("add", FILM, "--captioner", server.name(), library=library)
        assert ended.code == 0, ended.err
        assert server.faults == []
    assert f"tiny-vl on the server http://127.0.0.1:{server.port}" in ended.err.splitlines()[0]
    (video,) = run("videos", "--json", library=library).lines
    segments = run("segments", video["video"], "--json", library=library).lines
    assert len(segments) == len(server.asked) == 2
    told = {f"{one.brightness} at {one.seconds:.1f}" for asked in server.asked for one in asked.pictures}
    for segment in segments:
        searched = segment["captions"][0]
        assert searched["recipe"].startswith("openai/1 tiny-vl@http://127.0.0.1:")
        assert any(words in searched["text"] for words in told)
    assert run("search", "brightness", "--json", library=library).lines[0]["video"] == video["video"]


def test_footage_goes_to_another_machine_only_when_that_was_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, name = tmp_path / "library", "openai:tiny-vl@http://captions.invalid:8000/v1"
    with OpenAIServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        refused = run("add", FILM, "--captioner", name, library=library)
        assert refused.code == 1
        assert "--allow-remote" in refused.err
        assert proxy.paths == []
        assert not library.exists()
        permitted = run("add", FILM, "--captioner", name, "--allow-remote", library=library)
        assert permitted.code == 0, permitted.err
        assert len(proxy.asked) == 2
        again = run("add", FILM, "--captioner", name, library=library)
        assert again.code == 0, again.err
        assert len(proxy.asked) == 2
