"""The transformers captioner over tiny models saved as hub folders: the path a user's own folder takes."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.captioning.base import FrameRequest
from indexer.captioning.prompts import read_prompt
from indexer.captioning.vision_language.captioner import NEW_TOKENS, open_captioner
from indexer.captioning.vision_language.generating import Stream
from indexer.captioning.vision_language.loaded import Length
from indexer.captioning.vision_language.speed import foretell, measure_speed
from indexer.errors import ComponentError
from tests.contracts.test_captioner_contract import clip_of
from tests.fakes.tiny_families import write_blip
from tests.fakes.tiny_vision_language_models import write_tiny_video_model


@pytest.fixture(scope="module")
def video_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_video_model(tmp_path_factory.mktemp("models") / "tiny-video")


@pytest.fixture(scope="module")
def blip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_blip(tmp_path_factory.mktemp("models") / "tiny-blip")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_recipe_names_model_prompt_and_parameters(video_folder: Path) -> None:
    captioner = open_captioner(str(video_folder), tokens_per_second=88)
    prompt = read_prompt("describe-1")
    assert captioner.recipe.startswith("transformers/2 tiny-video@sha256:")
    assert f"prompt=describe-1:{prompt.digest}" in captioner.recipe
    assert "frames=video,88tok/s:2/s,4-40,32px" in captioner.recipe
    assert f"tokens={NEW_TOKENS}" in captioner.recipe
    assert "qwen3_vl" in captioner.note


def test_another_budget_is_another_recipe(video_folder: Path) -> None:
    recipes = {open_captioner(str(video_folder), tokens_per_second=budget).recipe for budget in (None, 88, 10)}
    assert len(recipes) == 2


def test_a_device_is_not_part_of_the_recipe(video_folder: Path) -> None:
    assert open_captioner(str(video_folder), device="cpu").recipe == open_captioner(str(video_folder)).recipe


def test_a_model_of_one_picture_says_so_and_takes_no_prompt(blip_folder: Path) -> None:
    captioner = open_captioner(str(blip_folder))
    assert "frames=one-image" in captioner.recipe
    assert "prompt=none" in captioner.recipe
    short = replace(captioner.ready(), length=Length(8))
    drafts = list(Stream(short, window=2).drafts([clip_of(1), clip_of(2)]))
    assert len(drafts) == 2
    assert any(draft.text for draft in drafts)


def test_the_window_is_smaller_where_clips_are_large(video_folder: Path) -> None:
    captioner = open_captioner(str(video_folder), device="cpu")
    usual = captioner.window
    captioner._frames = replace(captioner.frames, wants=FrameRequest(2.0, 4, 40, 1184))
    large = captioner.window
    captioner._frames = replace(captioner.frames, wants=FrameRequest(2.0, 4, 400, 8000))
    assert (usual, large, captioner.window) == (24, 8, 4)


def test_kernels_from_the_hub_are_never_taken() -> None:
    """Whatever the surroundings say, and before the library reads them."""
    program = (
        "import indexer.captioning.vision_language\nfrom transformers.integrations import hub_kernels\n"
        "print(hub_kernels._kernels_enabled)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "USE_HUB_KERNELS": "YES"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "False\n"


def test_a_device_that_is_not_here_is_refused(video_folder: Path) -> None:
    with pytest.raises(ComponentError, match=r"no device 'cuda:99' .* there are: cpu"):
        list(open_captioner(str(video_folder), device="cuda:99").captions([clip_of(1)]))


def test_the_note_says_how_it_runs_once_it_does(video_folder: Path) -> None:
    captioner = open_captioner(str(video_folder), device="cpu")
    assert "processor" not in captioner.note
    captioner.ready()
    assert captioner.note.endswith("on the processor in float32, sdpa attention, not compiled)")


def test_speed_is_measured_with_a_segment_of_the_size_asked_for(video_folder: Path) -> None:
    speed = measure_speed(open_captioner(str(video_folder), tokens_per_second=40, device="cpu"))
    assert speed.seconds_per_segment > 0
    assert speed.hours_per_hour * speed.times_real_time == pytest.approx(1)
    assert 0 < speed.vision_tokens < speed.prompt_tokens
    assert speed.peak_bytes > 1_000_000


def test_how_long_it_will_take_is_told_and_measured_once(video_folder: Path) -> None:
    told = foretell(open_captioner(str(video_folder), tokens_per_second=5, device="cpu"))
    assert re.fullmatch(
        r"about \S+ s a segment of 10 s, \S+ (hours|minutes) an hour of footage, on the processor in float32, .*", told
    )
    assert foretell(open_captioner(str(video_folder), tokens_per_second=5, device="cpu")) == told


def test_an_unknown_prompt_lists_the_known_ones() -> None:
    with pytest.raises(ComponentError, match="describe-1"):
        read_prompt("poetry-7")


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    from transformers import BertConfig, BertModel

    tiny = BertConfig(vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertModel(tiny).save_pretrained(tmp_path / "bert")
    with pytest.raises(ComponentError, match="cannot be loaded as a vision-language model"):
        list(open_captioner(str(tmp_path / "bert")).captions([clip_of(1)]))


def test_weights_of_another_model_are_refused(video_folder: Path, blip_folder: Path, tmp_path: Path) -> None:
    """Rather than captions by weights drawn at random."""
    for path in video_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes((blip_folder / "model.safetensors").read_bytes())
    with pytest.raises(ComponentError, match="cannot be loaded"):
        list(open_captioner(str(tmp_path)).captions([clip_of(1)]))


def test_a_model_without_a_chat_template_is_refused(video_folder: Path, tmp_path: Path) -> None:
    for path in video_folder.iterdir():
        if path.name != "chat_template.jinja":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ComponentError, match="no chat template"):
        open_captioner(str(tmp_path))
