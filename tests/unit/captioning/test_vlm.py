"""The transformers captioner over tiny models saved as hub folders: the path a user's own folder takes."""

from pathlib import Path

import numpy as np
import pytest

from indexer.captioning.base import Clip
from indexer.captioning.model_source import find_model
from indexer.captioning.prompts import read_prompt
from indexer.captioning.vlm import NEW_TOKENS, open_captioner
from indexer.captioning.vlm_model import LoadedModel, load_model
from indexer.domain import Frame
from indexer.errors import ComponentError
from indexer.timecode import TimeRange
from tests.fakes.tiny_vision_language_models import write_tiny_image_model, write_tiny_video_model


@pytest.fixture(scope="module")
def video_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_video_model(tmp_path_factory.mktemp("models") / "tiny-video")


@pytest.fixture(scope="module")
def video_model(video_folder: Path) -> LoadedModel:
    return load_model(find_model(str(video_folder)))


@pytest.fixture(scope="module")
def image_model(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_model(find_model(str(write_tiny_image_model(tmp_path_factory.mktemp("models") / "tiny-image"))))


def clip_at(start_us: int, *times_us: int) -> Clip:
    random = np.random.default_rng(len(times_us))
    frames = tuple(
        Frame(start_us + t_us, 40_000, random.integers(0, 256, (36, 64, 3), dtype=np.uint8)) for t_us in times_us
    )
    return Clip(TimeRange(start_us, start_us + 10_000_000), frames)


def prompt_of(model: LoadedModel, clip: Clip) -> str:
    return model.processor.batch_decode(model.prepare([clip], "Describe.")["input_ids"], skip_special_tokens=False)[0]


def test_a_video_model_is_told_the_true_times_from_the_start_of_the_segment(video_model: LoadedModel) -> None:
    prompt = prompt_of(video_model, clip_at(60_000_000, 0, 1_000_000, 4_000_000, 9_000_000))
    assert "<0.5 seconds>" in prompt  # a pair of frames is told by its middle
    assert "<6.5 seconds>" in prompt
    assert "Describe." in prompt


def test_an_image_model_gets_one_image_a_frame_with_its_time(image_model: LoadedModel) -> None:
    clip = clip_at(60_000_000, 0, 3_200_000, 9_900_000)
    prompt = prompt_of(image_model, clip)
    assert [time in prompt for time in ("At 0.0 seconds:", "At 3.2 seconds:", "At 9.9 seconds:")] == [True] * 3
    assert image_model.prepare([clip], "Describe.")["pixel_values"].shape[0] == 3


def test_every_frame_reaches_the_video_model(video_model: LoadedModel) -> None:
    few = video_model.prepare([clip_at(0, 0, 1_000_000)], "")["pixel_values_videos"].shape[0]
    many = video_model.prepare([clip_at(0, *range(0, 8_000_000, 1_000_000))], "")["pixel_values_videos"].shape[0]
    assert many == 4 * few


def test_generation_is_repeatable_and_bounded(video_model: LoadedModel) -> None:
    clips = [clip_at(0, 0, 1_000_000)]
    first = video_model.generate(clips, "Describe.", style="plain", new_tokens=12)
    assert first == video_model.generate(clips, "Describe.", style="plain", new_tokens=12)
    assert first != [""]


def test_the_processor_runs_in_full_precision_and_says_so(video_model: LoadedModel) -> None:
    if video_model.device == "cpu":
        assert video_model.describe() == "on the processor in float32"
    else:
        assert video_model.describe().endswith("in bfloat16")


def test_the_recipe_names_model_prompt_and_parameters(video_folder: Path) -> None:
    captioner = open_captioner(str(video_folder))
    prompt = read_prompt("describe-1")
    assert captioner.recipe.startswith("transformers/1 tiny-video@sha256:")
    assert f"prompt=describe-1:{prompt.digest}" in captioner.recipe
    assert f"tokens={NEW_TOKENS}" in captioner.recipe
    assert "qwen3_vl" in captioner.note


def test_an_unknown_prompt_lists_the_known_ones() -> None:
    with pytest.raises(ComponentError, match="describe-1"):
        read_prompt("poetry-7")


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    from transformers import BertConfig, BertModel

    tiny = BertConfig(vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertModel(tiny).save_pretrained(tmp_path / "bert")
    with pytest.raises(ComponentError, match="cannot be loaded as a vision-language model"):
        open_captioner(str(tmp_path / "bert")).caption([clip_at(0, 0, 1_000_000)])


def test_damaged_weights_are_refused(video_folder: Path, tmp_path: Path) -> None:
    for path in video_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ComponentError, match="cannot be loaded"):
        open_captioner(str(tmp_path)).caption([clip_at(0, 0, 1_000_000)])


def test_a_model_without_a_chat_template_is_refused(video_folder: Path, tmp_path: Path) -> None:
    for path in video_folder.iterdir():
        if path.name != "chat_template.jinja":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ComponentError, match="no chat template"):
        open_captioner(str(tmp_path)).caption([clip_at(0, 0, 1_000_000)])
