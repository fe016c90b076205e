"""Clips are drawn, kept and read again; lessons are prepared and passed as the model itself would."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

from benchmarks.sample_captioner import fitting
from benchmarks.sample_captioner.asking import QUESTION
from benchmarks.sample_captioner.auxiliary import answers
from benchmarks.sample_captioner.drawing import FRAMES, Store, draw_clips, seeds
from benchmarks.sample_captioner.family import make_model, make_processor, make_tokenizer
from benchmarks.sample_captioner.kept_out import is_kept_out
from benchmarks.sample_captioner.lessons import (
    Clips,
    Lesson,
    batches,
    disturbed,
    draw_take,
    frames_for,
    lesson,
    mirrored_take,
    reversed_take,
    whole_take,
)
from benchmarks.sample_captioner.masks import draw_masks
from benchmarks.sample_captioner.preparing import captions, layout, patches
from benchmarks.sample_captioner.quick import run
from benchmarks.sample_captioner.samples import sample_shots
from benchmarks.sample_captioner.seeing import see
from benchmarks.sample_captioner.telling import tell


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One clip of each kind."""
    store = Store(tmp_path_factory.mktemp("clips"), "few")
    draw_clips(store, seeds("few", 19))
    return store


@pytest.fixture(scope="module")
def clips(store: Store) -> Clips:
    return Clips.of(store)


def test_drawing_goes_on_where_it_was_broken_off(store: Store, tmp_path: Path) -> None:
    broken = Store(tmp_path, "few")
    draw_clips(broken, seeds("few", 2))
    with (tmp_path / "few.bin").open("ab") as pixels, (tmp_path / "few.jsonl").open("a") as lines:
        pixels.write(b"half a picture")
        lines.write('{"seed": "half a li')
    assert len(broken.truths()) == 2
    lines_path = tmp_path / "few.jsonl"
    lines_path.write_text("".join(lines_path.read_text().splitlines(keepends=True)[:2]))
    draw_clips(broken, seeds("few", 3))
    assert broken.truths() == store.truths()[:3]
    end = broken.truths()[-1]["offsets"][-1]
    assert np.array_equal(broken.pixels(), store.pixels()[:end])


def test_all_kinds_are_told_and_none_of_the_sample_films_is_kept_out(clips: Clips) -> None:
    assert len({truth["kind"] for _, truth in clips.truths}) == 19
    assert all(tell(see(truth)) for _, truth in clips.truths)
    shots = [see(truth) for *_, truth in sample_shots()]
    assert len(shots) == 24
    assert not any(is_kept_out(sight) for sight in shots)


def test_two_frames_a_second_an_even_number_within_limits() -> None:
    assert [frames_for(seconds) for seconds in (0.5, 2, 3.4, 5, 30)] == [4, 4, 6, 10, 12]


def test_a_take_reversed_and_mirrored_shows_it_so(clips: Clips) -> None:
    clip = next(number for number, (_, truth) in enumerate(clips.truths) if truth["kind"] == "viaduct")
    take = whole_take(clips.truths[clip][1])
    forwards, backwards = lesson(clips, clip, take), lesson(clips, clip, reversed_take(take, 9.0))
    assert np.array_equal(forwards.frames[::-1], backwards.frames)
    assert list(backwards.times) == sorted(backwards.times)
    assert np.array_equal(lesson(clips, clip, mirrored_take(take)).frames[:, :, ::-1], forwards.frames)
    assert backwards.sight.main.heading != forwards.sight.main.heading


def test_batches_are_of_one_shape_and_hold_nothing_kept_out(clips: Clips) -> None:
    stream = batches(clips, 3, "seed")
    for batch in (next(stream) for _ in range(4)):
        assert len({one.frames.shape for one in batch}) == 1
        assert not any(is_kept_out(one.sight) for one in batch)


def test_disturbing_changes_a_clip_a_little_and_not_its_shape(clips: Clips) -> None:
    shown = lesson(clips, 1, whole_take(clips.truths[1][1]))
    others = [disturbed(shown, clips, Random(seed)).frames for seed in range(6)]
    assert all(other.shape == shown.frames.shape for other in others)
    changes = [np.abs(other.astype(int) - shown.frames).mean() for other in others]
    assert 0 < max(changes) < 40


def test_masks_say_where_things_are(store: Store) -> None:
    draw_masks(store, 19)
    clips = Clips.of(store)
    clip = next(number for number, (_, truth) in enumerate(clips.truths) if truth["kind"] == "viaduct")
    take = whole_take(clips.truths[clip][1])
    shown, turned = lesson(clips, clip, take), lesson(clips, clip, mirrored_take(take))
    squares = shown.places["train"].reshape(-1, 4, 7)
    assert 0 < squares.mean() < 0.2
    assert np.array_equal(turned.places["train"].reshape(-1, 4, 7)[:, :, ::-1], squares)
    across = (squares.sum(1) * np.arange(7)).sum(1) / np.maximum(squares.sum((1, 2)), 1e-6)
    way = 1 if shown.sight.main.heading == "right" else -1
    if shown.sight.camera == "static":
        assert (across[-2] - across[1]) * way > 0
    assert answers([shown]).places.sum() > 0


def test_takes_never_show_a_picture_outside_the_clip(clips: Clips) -> None:
    stream = Random(3)
    takes = [take for _ in range(20) for _, truth in clips.truths if (take := draw_take(truth, stream))]
    assert any(take.sight.is_frozen for take in takes)
    assert all(0 <= number < FRAMES for take in takes for number in take.pictures)
    assert all(len(take.pictures) % 2 == 0 for take in takes)


class TestPassing:
    """The quick pass against transformers' own, in float32, on the same small random model."""

    def test_it_is_the_models_own_mathematics(self, clips: Clips) -> None:
        lessons = _alike(clips)
        torch.manual_seed(1)
        tokenizer = make_tokenizer(tell(one.sight) for one in lessons)
        processor, model = make_processor(tokenizer), make_model(tokenizer).eval()
        told = captions([tell(one.sight) for one in lessons], tokenizer)
        laid, small = layout(lessons, tokenizer), patches(lessons)
        inputs = processor(
            text=[_chat(processor)] * len(lessons),
            videos=[one.frames for one in lessons],
            video_metadata=[_metadata(one) for one in lessons],
            do_sample_frames=False,
            padding=True,
            return_tensors="pt",
        )
        assert torch.equal(inputs["input_ids"], laid.prompt)
        assert torch.allclose(inputs["pixel_values_videos"], small.flatten(0, 2), atol=1e-6)
        tokens = torch.cat([inputs["input_ids"], told], dim=1)
        kinds = torch.cat([inputs["mm_token_type_ids"], torch.zeros_like(told)], dim=1)
        with torch.no_grad():
            own = model(
                input_ids=tokens,
                attention_mask=torch.ones_like(tokens),
                mm_token_type_ids=kinds,
                pixel_values_videos=inputs["pixel_values_videos"],
                video_grid_thw=inputs["video_grid_thw"],
            ).logits
            quick = run(model, small, laid, told).logits
        assert torch.allclose(own[:, -told.shape[1] - 1 : -1], quick, atol=1e-4)

    def test_a_course_learns_and_goes_on_from_its_checkpoint(self, clips: Clips, tmp_path: Path) -> None:
        lessons = _alike(clips)
        course = fitting.begin(make_tokenizer(tell(one.sight) for one in lessons))
        exercise = fitting.prepared(lessons, course.tokenizer)
        losses = [fitting.step(course, exercise, 0.0, torch.float32)[0] for _ in range(6)]
        assert losses[-1] < losses[0]
        fitting.keep(course, tmp_path)
        resumed = fitting.resume(tmp_path)
        assert resumed.steps == 6
        later = [fitting.step(one, exercise, 0.9, torch.float32) for one in (course, resumed)]
        assert later[0] == pytest.approx(later[1], abs=1e-4)

    def test_hints_ask_for_everything_that_is_told(self, clips: Clips) -> None:
        lessons = _alike(clips)
        asked = answers(lessons)
        assert asked.nouns.shape == (len(lessons), 4)
        assert (asked.nouns >= 0).sum() == sum(len(one.sight.happenings) for one in lessons)
        assert asked.doing_now.sum() > 0


def _alike(clips: Clips) -> list[Lesson]:
    """Three clips cut to four frames, all lying."""
    lying = [number for number, (_, truth) in enumerate(clips.truths) if not truth["tall"]][:3]
    whole = [lesson(clips, number, whole_take(clips.truths[number][1])) for number in lying]
    return [Lesson(one.frames[:4], one.times[:4], one.sight, one.views[:4]) for one in whole]


def _chat(processor: object) -> str:
    content = [{"type": "video"}, {"type": "text", "text": QUESTION}]
    template = processor.apply_chat_template  # type: ignore[attr-defined]
    return str(template([{"role": "user", "content": content}], add_generation_prompt=True, tokenize=False))


def _metadata(shown: Lesson) -> dict[str, object]:
    milliseconds = [round(1000 * time) for time in shown.times]
    return {"fps": 1000.0, "total_num_frames": 9000, "frames_indices": milliseconds, "duration": 9.0}
