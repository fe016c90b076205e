"""The captioner that ships in data/: it loads as anyone would load it, and tells the drawn world.

Floors are well below what it reached when it was trained; they are to show that these weights are whole, not how good
they are (the model card says that).
"""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.sample_captioner.asking import Captioner
from benchmarks.sample_captioner.drawing import FRAMES, ClipTruth, clip_truth, small_picture
from benchmarks.sample_captioner.hearing import hear
from benchmarks.sample_captioner.lessons import Lesson, Take, frames_for, reversed_take, whole_take
from benchmarks.sample_captioner.marking import claims_motion, marks, shares
from benchmarks.sample_captioner.seeing import see
from benchmarks.sample_captioner.sight import frozen
from data.drawing.canvas import painted
from data.drawing.dice import Dice
from data.drawing.scenes import SCENES

FOLDER = Path(__file__).resolve().parents[3] / "data" / "captioner"
Pins = dict[str, str | int]
Clip = tuple[ClipTruth, np.ndarray]
GOING: dict[str, Pins] = {
    "viaduct": {"colour": "blue", "heading": "left", "camera": "static"},
    "reef": {"colour": "yellow", "heading": "left", "camera": "static"},
    "street": {"colour": "blue", "heading": "left", "camera": "static"},
    "platform": {"colour": "blue", "heading": "left", "event": "arrives", "camera": "static"},
}


@pytest.fixture(scope="module")
def captioner() -> Captioner:
    return Captioner(FOLDER)


def _drawn(kind: str, pins: Pins, seed: str = "1") -> Clip:
    with painted(1):
        scene = SCENES[kind](Dice(seed, pins), 6.0)
        pictures = [small_picture(scene, (index + 0.5) / FRAMES * 6.0, tall=False) for index in range(FRAMES)]
    return clip_truth(scene, kind, seed, tall=False), np.stack(pictures)


def _shown(clip: Clip, take: Take) -> Lesson:
    return Lesson(clip[1][list(take.pictures)], take.times, take.sight, np.zeros((len(take.pictures), 3), np.float32))


def _held(clip: Clip, at: int) -> Lesson:
    """One picture over and over."""
    sight = frozen(see(clip[0]), (at + 0.5) / FRAMES)
    assert sight is not None
    count = frames_for(4.0)
    return Lesson(
        clip[1][[at] * count], tuple(index / 2 for index in range(count)), sight, np.zeros((count, 3), np.float32)
    )


def test_the_folder_holds_what_a_hub_folder_holds_and_nothing_else() -> None:
    names = {path.name for path in FOLDER.iterdir()}
    assert names >= {"README.md", "config.json", "model.safetensors", "tokenizer.json", "chat_template.jinja"}
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pth", ".py")) or name == "__pycache__"]
    assert (FOLDER / "model.safetensors").stat().st_size < 10_000_000


def test_it_tells_drawn_clips(captioner: Captioner) -> None:
    kinds = [kind for kind in SCENES if kind not in ("crowd", "match", "goal", "snowman")]
    lessons = [_shown(clip, whole_take(clip[0])) for clip in (_drawn(kind, {}, "ci") for kind in kinds)]
    told = captioner.captions(lessons)
    right = shares(marks(one.sight, caption) for one, caption in zip(lessons, told, strict=True))
    assert right["place"][0] >= 0.85
    assert right["kind"][0] >= 0.75
    assert right["motion"][0] >= 0.7


@pytest.mark.parametrize("kind", GOING)
def test_a_reversed_clip_turns_round(captioner: Captioner, kind: str) -> None:
    clip = _drawn(kind, GOING[kind])
    take = whole_take(clip[0])
    headings = []
    for shown in (_shown(clip, take), _shown(clip, reversed_take(take, 6.0))):
        said = hear(captioner.captions([shown])[0])
        headings.append(next(one.heading for one in said.happenings if one.noun == shown.sight.main.noun))
    assert set(headings) == {"left", "right"}


def test_a_frozen_clip_claims_no_motion(captioner: Captioner) -> None:
    held = [_held(_drawn(kind, pins), 9) for kind, pins in GOING.items() if kind != "reef"]
    assert [caption for caption in captioner.captions(held) if claims_motion(caption)] == []


@pytest.mark.parametrize("order", ["boat", "gulls"])
def test_two_events_are_told_in_their_order(captioner: Captioner, order: str) -> None:
    pins: Pins = {"boat": "sailing boat", "colour": "red", "light": "day", "heading": "right", "camera": "static"}
    clip = _drawn("harbour", {**pins, "order": order})
    said = hear(captioner.captions([_shown(clip, whole_take(clip[0]))])[0])
    first, second = ("sailing boat", "gulls") if order == "boat" else ("gulls", "sailing boat")
    assert [one.noun for one in said.happenings] == [first, second]
    assert said.links == ("then",)
