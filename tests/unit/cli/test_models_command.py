"""`shotlist models`: listing, downloading from a hub of the test's own, and trying out a tiny model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import constants

from indexer.captioning.vision_language.speed import Speed
from indexer.cli.check_model import CheckedModel, checked_lines
from indexer.domain import CaptionDraft
from tests.fakes.hub_folders import COMMIT, cache_model, cached, weights_header
from tests.fakes.model_hub import COMMIT as PULLED
from tests.fakes.model_hub import Repository, serve_hub
from tests.fakes.tiny_vision_language_models import write_tiny_video_model
from tests.integration.command_line import run


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "hub"


def test_nothing_is_here_at_first(hub_cache: Path, tmp_path: Path) -> None:
    told = run("models", "list", library=tmp_path)
    assert told.code == 0
    assert "qwen3-vl-4b" in told.out
    assert "279x at 88 tokens/s   derived\n" in told.out
    assert "`--captioner auto` takes measured" in told.err


def test_what_is_here_is_marked_and_further_models_are_listed(hub_cache: Path, tmp_path: Path) -> None:
    cache_model(hub_cache, "Qwen/Qwen3-VL-2B-Instruct", size=600_000_000)
    cache_model(hub_cache, "someone/else", family="llava", size=4000)
    cache_model(hub_cache, "someone/text", family="llama", size=4000)
    cached(hub_cache, "Qwen/Qwen3-VL-4B-Instruct")
    told = run("models", "list", "--json", library=tmp_path)
    lines = {line["hub"]: line for line in told.lines}
    assert "someone/text" not in lines
    assert lines["someone/else"]["here"]
    assert lines["someone/else"]["name"] is None
    here = lines["Qwen/Qwen3-VL-2B-Instruct"]
    assert (here["name"], here["here"], here["revision"], here["auto"]) == ("qwen3-vl-2b", True, COMMIT, True)
    assert [hub for hub, line in lines.items() if line["auto"]] == ["Qwen/Qwen3-VL-2B-Instruct"]
    half = lines["Qwen/Qwen3-VL-4B-Instruct"]
    assert not half["here"]
    assert half["problem"].endswith("run: shotlist models pull Qwen/Qwen3-VL-4B-Instruct")
    assert "half downloaded" in run("models", "list", library=tmp_path).out


def test_a_model_is_pulled_from_the_hub_that_the_environment_names(tmp_path: Path) -> None:
    files = {"config.json": json.dumps({"model_type": "qwen3_vl"}).encode(), "model.safetensors": weights_header(0)}
    with serve_hub({"a/b": Repository(files, licence="mit")}) as hub:
        environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "0"}
        words = [sys.executable, "-m", "indexer.cli", "models", "pull", "a/b"]
        told = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout == f"a/b@{PULLED}\n"
    assert "Licence: mit" in told.stderr
    assert (tmp_path / "hub" / "models--a--b" / "snapshots" / PULLED / "model.safetensors").is_file()


def test_a_tiny_model_is_tried_out(hub_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_DEVICE", "cpu")
    folder = write_tiny_video_model(tmp_path / "tiny")
    told = run("models", "check", folder, "--tokens-per-second", "5", "--json", library=tmp_path)
    assert told.code == 0
    (line,) = told.lines
    assert " tiny@sha256:" in line["recipe"]
    assert line["sample"]["frames"] >= 4
    assert line["text"] or line["problem"]
    assert line["running"].startswith("on the processor in float32")
    assert line["batching"] == "any"
    assert line["peak_bytes"] > 1_000_000
    assert 0 < line["vision_tokens"] < line["prompt_tokens"]
    assert line["times_real_time"] == pytest.approx(10 / line["seconds_per_segment"])
    assert line["tokens_per_second"] == pytest.approx(line["vision_tokens"] / 10, rel=0.5)


def test_what_was_found_out_is_told_in_words() -> None:
    speed = Speed(
        seconds_per_segment=0.5,
        vision_tokens=880,
        prompt_tokens=1000,
        clips_at_once=16,
        peak_bytes=9_120_000_000,
        running="on a GPU in bfloat16",
    )
    checked = CheckedModel("transformers/2 a/b@c", 8, CaptionDraft("", problem="loop"), "alike", 88.0, speed)
    told = "\n".join(checked_lines(checked))
    assert "caption   none: loop" in told
    assert "batches   segments of like shape and length together; 16 at once" in told
    assert "memory    9.12 GB at most" in told
    assert "0.5 s a segment of 10 seconds: 20 times real time" in told
    assert "an hour   of footage at this budget: 360 segments, 316,800 vision tokens, 3:00" in told


@pytest.mark.parametrize(
    ("name", "device", "word"),
    [
        ("measured", "cpu", "not the name of a model"),
        ("openai:a@http://localhost:1/v1", "cpu", "not the name of a model"),
        ("qwen3-vl-8b", "cpu", "shotlist models pull qwen3-vl-8b"),
        ("{tiny}", "cuda:9", "there is no device 'cuda:9'"),
    ],
)
def test_what_cannot_be_tried_out(
    hub_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, device: str, word: str
) -> None:
    monkeypatch.setenv("SHOTLIST_DEVICE", device)
    if name == "{tiny}":
        name = str(write_tiny_video_model(tmp_path / "tiny"))
    told = run("models", "check", name, library=tmp_path)
    assert told.code == 1
    assert word in told.err
