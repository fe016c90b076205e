"""What each family is shown, and what its prompt says of times."""

from pathlib import Path

import numpy as np
import pytest
import torch

from indexer.captioning.base import Clip
from indexer.captioning.vision_language.captioner import open_captioner
from indexer.captioning.vision_language.families import VIDEO_FAMILIES, way_of
from indexer.captioning.vision_language.inputs import sharpest
from indexer.captioning.vision_language.limits import Grid, Square, read_limits
from indexer.captioning.vision_language.ready import Ready
from indexer.domain import Frame
from indexer.errors import ComponentError
from indexer.timecode import TimeRange
from tests.fakes.tiny_families import WRITERS


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("models")
    return {name: write(place / name) for name, write in WRITERS.items()}


@pytest.fixture(scope="module")
def ready(folders: dict[str, Path]) -> dict[str, Ready]:
    names = ("internvl", "llava", "llava_onevision", "qwen2_5_vl", "qwen3_vl", "smolvlm", "video_llama_3", "blip")
    return {name: open_captioner(str(folders[name]), tokens_per_second=40, device="cpu").ready() for name in names}


def clip_at(start_us: int, *times_us: int, shape: tuple[int, int] = (36, 64)) -> Clip:
    random = np.random.default_rng(len(times_us))
    frames = tuple(
        Frame(start_us + t_us, 40_000, random.integers(0, 256, (*shape, 3), dtype=np.uint8)) for t_us in times_us
    )
    return Clip(TimeRange(start_us, start_us + 10_000_000), frames)


def prompt_of(ready: Ready, clip: Clip) -> str:
    ids = ready.preparer.prepare(clip).tensors["input_ids"]
    return ready.model.processor.batch_decode(ids.tolist(), skip_special_tokens=False)[0]


TIMES = (0, 1_000_000, 4_000_000, 9_000_000)


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("qwen3_vl", ("<0.5 seconds>", "<6.5 seconds>")),  # a pair of frames is told by its middle
        ("smolvlm", ("series of four frames", "0:00:10", "Frame from 00:04:", "Frame from 00:09:")),
        ("video_llama_3", ("Time 0.0s:", "Time 9.0s:")),
        ("internvl", ("Frame4:", "The frames were taken at 0.0, 1.0, 4.0, 9.0 seconds.")),
        ("llava_onevision", ("The frames were taken at 0.0, 1.0, 4.0, 9.0 seconds.",)),
        ("llava", ("At 0.0 seconds:", "At 9.0 seconds:")),
    ],
)
def test_true_times_from_the_start_of_the_segment_are_told(
    ready: dict[str, Ready], family: str, said: tuple[str, ...]
) -> None:
    prompt = prompt_of(ready[family], clip_at(60_000_000, *TIMES))
    assert [words for words in said if words not in prompt] == []
    assert prompt.count("The frames were taken") == (family in ("internvl", "llava_onevision"))
    assert "Describe this shot" in prompt


def test_qwen2_5_learns_the_pace_by_its_positions(ready: dict[str, Ready]) -> None:
    """Four frames in ten seconds, a pair at a time: five seconds a pair."""
    prepared = ready["qwen2_5_vl"].preparer.prepare(clip_at(0, *TIMES))
    assert prepared.tensors["second_per_grid_ts"].tolist() == [5.0]
    assert "The frames were taken" not in prompt_of(ready["qwen2_5_vl"], clip_at(0, *TIMES))


@pytest.mark.parametrize("family", ["qwen3_vl", "qwen2_5_vl"])
def test_an_odd_last_frame_is_shown_twice_and_not_lost(ready: dict[str, Ready], family: str) -> None:
    clip = clip_at(0, *TIMES[:3])
    evened = Clip(clip.span, (*clip.frames, clip.frames[-1]))
    odd, even = (ready[family].preparer.prepare(one).tensors for one in (clip, evened))
    assert torch.equal(odd["pixel_values_videos"], even["pixel_values_videos"])
    assert odd["video_grid_thw"][0, 0] == 2


@pytest.mark.parametrize("family", ["qwen3_vl", "qwen2_5_vl", "video_llama_3", "smolvlm", "internvl", "llava"])
def test_other_shapes_cost_no_more_vision_tokens(ready: dict[str, Ready], family: str) -> None:
    wide, *others = (clip_at(0, *TIMES, shape=shape) for shape in ((180, 320), (240, 320), (320, 320), (320, 180)))
    most = ready[family].preparer.prepare(wide).vision_tokens
    assert most > 0
    assert all(ready[family].preparer.prepare(clip).vision_tokens <= most for clip in others)


def test_the_vision_tokens_are_those_that_the_plan_tells(folders: dict[str, Path]) -> None:
    for family in ("qwen2_5_vl", "smolvlm", "internvl"):
        captioner = open_captioner(str(folders[family]), tokens_per_second=40, device="cpu")
        wants = captioner.wants
        count = min(max(round(10 * wants.per_second), wants.at_least), wants.at_most)
        shape = (wants.longest_side * 9 // 16, wants.longest_side)
        clip = clip_at(0, *(10_000_000 * place // count for place in range(count)), shape=shape)
        seen = captioner.ready().preparer.prepare(clip).vision_tokens
        assert seen == pytest.approx(10 * captioner.frames.tokens_per_second, rel=0.2), family


def test_a_model_of_one_picture_sees_the_sharpest(ready: dict[str, Ready]) -> None:
    dull, sharp = np.full((36, 64, 3), 90, dtype=np.uint8), clip_at(0, 0).frames[0].pixels
    frames = tuple(Frame(at * 1_000_000, 40_000, pixels) for at, pixels in enumerate((dull, dull, sharp)))
    assert sharpest(frames) is frames[2]
    assert sharpest(frames[:1] * 3) is frames[0]
    assert sharpest((frames[0], frames[1], frames[0])) is frames[1]  # of equals the middle one
    one = ready["blip"].preparer.prepare(Clip(TimeRange(0, 3_000_000), frames))
    other = ready["blip"].preparer.prepare(Clip(TimeRange(0, 3_000_000), frames[2:]))
    assert torch.equal(one.tensors["pixel_values"], other.tensors["pixel_values"])


def test_limits_are_read_from_the_folder(folders: dict[str, Path]) -> None:
    limits = {name: read_limits(folder, name=name, family=name) for name, folder in folders.items()}
    assert limits["qwen3_vl"].picture == Grid(16, 2, 256, 16384, "clip")
    assert limits["qwen2_5_vl"].picture == Grid(16, 2, 256, 16384, "frame")
    assert limits["smolvlm"].picture == Square(32, 4)
    assert limits["llava_onevision"].picture == Square(32, 4)
    assert limits["llava"].picture == Square(32, 16)
    assert {name: limit.way for name, limit in limits.items() if limit.way != "video"} == {
        "llava": "images",
        "blip": "one image",
        "git": "one image",
    }


def test_a_damaged_settings_file_is_told(folders: dict[str, Path], tmp_path: Path) -> None:
    for path in folders["qwen3_vl"].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "processor_config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ComponentError, match=r"processor_config.json of the model cannot be read"):
        read_limits(tmp_path, name="damaged", family="qwen3_vl")


def test_the_video_families_are_those_of_the_library() -> None:
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES as WRITERS_OF_TEXT
    from transformers.models.auto.video_processing_auto import VIDEO_PROCESSOR_MAPPING_NAMES as WATCHERS

    assert {family for family in WRITERS_OF_TEXT if family in WATCHERS} - VIDEO_FAMILIES <= {
        "instructblip",
        "instructblipvideo",
    }
    assert set(WRITERS_OF_TEXT) & set(WATCHERS) >= VIDEO_FAMILIES


def test_a_family_of_tomorrow_gets_several_images() -> None:
    assert way_of("a family of tomorrow", chat="template") == "images"
    assert way_of("a family of tomorrow", chat="none") is None
