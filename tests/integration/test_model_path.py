"""A model's folder as captioner, through the command line as a user gives it. The model is tiny and random: what it
writes means nothing, that it is asked, stamped and stored does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data.demo import SAMPLES
from tests.fakes.tiny_vision_language_models import write_tiny_image_model, write_tiny_video_model
from tests.integration.command_line import run


@pytest.mark.parametrize("write_model", [write_tiny_video_model, write_tiny_image_model])
def test_captions_by_a_model_in_a_folder(write_model: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    library = tmp_path / "library"
    ended = run("add", SAMPLES / "warehouse-7.mkv", "--captioner", folder, library=library)
    assert ended.code == 0, ended.err
    assert "model" in ended.err.splitlines()[0]
    (video,) = run("videos", "--json", library=library).lines
    segments = run("segments", video["video"], "--json", library=library).lines
    assert len(segments) == 2
    for segment in segments:
        searched, beside = [caption["recipe"] for caption in segment["captions"]]
        assert searched.startswith("transformers/2 ")
        assert beside == "measured/2"
    assert run("status", "--json", library=library).lines[0]["captioner"] == str(folder)
    assert run("search", "warehouse", "--json", library=library).lines[0]["video"] == video["video"]


def test_a_model_that_is_not_here_is_told_before_anything_is_done(tmp_path: Path) -> None:
    ended = run("add", SAMPLES, "--captioner", "nobody/no-such-model", library=tmp_path / "library")
    assert ended.code == 1
    assert "nobody/no-such-model" in ended.err
    assert not (tmp_path / "library").exists()
