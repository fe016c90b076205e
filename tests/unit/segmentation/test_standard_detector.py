"""What the detector that ships makes of simple footage. How good it is on real footage: see the integration tests."""

import numpy as np
import pytest

from indexer.domain import Cut, Frame, Pixels
from indexer.segmentation import make_detector
from indexer.segmentation.edits import Thresholds
from indexer.segmentation.network import packaged
from indexer.segmentation.standard import StandardDetector
from tests.fakes.drawn_footage import PERIOD_US, as_frames, black, mixed, scene, shot

WHITE = np.full((36, 64, 3), 255, np.uint8)


def found(pictures: list[Pixels], period_us: int = PERIOD_US) -> list[Cut]:
    return list(StandardDetector().detect(as_frames(pictures, period_us)))


@pytest.mark.parametrize("period_us", [200_000, 66_667, 41_708, 40_000, 33_367, 20_000, 16_683, 8_333])
def test_hard_cuts_are_found_to_the_frame_at_any_rate(period_us: int) -> None:
    cuts = found([*shot(1, 60), *shot(2, 45), *shot(3, 60)], period_us)
    assert [(cut.start_us, cut.kind) for cut in cuts] == [(60 * period_us, "cut"), (105 * period_us, "cut")]


def test_hard_cuts_are_found_where_the_rate_varies() -> None:
    pictures = [*shot(1, 50), *shot(2, 50)]
    gaps = np.random.default_rng(1).integers(8_000, 120_000, len(pictures))
    times = np.concatenate([[0], np.cumsum(gaps)]).tolist()
    frames = [Frame(t_us, 1000, pixels) for t_us, pixels in zip(times, pictures, strict=False)]
    assert [cut.start_us for cut in StandardDetector().detect(frames)] == [times[50]]


def test_a_constant_picture_has_no_cut() -> None:
    assert found([scene(1)] * 300) == []
    assert found([black()] * 300) == []


def test_a_pan_has_no_cut() -> None:
    wide = np.concatenate([scene(number) for number in range(4)], axis=1)
    assert found([np.ascontiguousarray(wide[:, x : x + 64]) for x in range(190)]) == []


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("flash", [WHITE, scene(9)], ids=["white", "picture"])
def test_a_flash_is_no_cut(length: int, flash: Pixels) -> None:
    pictures = list(shot(1, 100))
    pictures[50 : 50 + length] = [flash] * length
    assert found(pictures) == []


def test_a_cut_beside_a_flash_is_found() -> None:
    pictures = [*shot(1, 60), WHITE, WHITE, *shot(2, 60)]
    (cut,) = found(pictures)
    assert 59 * PERIOD_US <= cut.start_us <= 63 * PERIOD_US


def test_a_shot_of_half_a_second_is_a_shot() -> None:
    cuts = found([*shot(1, 50), *shot(2, 12), *shot(1, 50)])
    assert [cut.start_us for cut in cuts] == [50 * PERIOD_US, 62 * PERIOD_US]


def test_a_change_of_exposure_is_no_edit() -> None:
    dark = (scene(1) * 0.5).astype(np.uint8)
    ramp = [mixed(dark, scene(1), share / 25) for share in range(26)]
    assert found([*[dark] * 60, *ramp, *[scene(1)] * 60]) == []


@pytest.mark.parametrize("length", [8, 12, 25, 30])
def test_a_dissolve_is_one_edit_that_covers_it(length: int) -> None:
    steps = [mixed(scene(1), scene(2), share / length) for share in range(1, length)]
    (cut,) = found([*[scene(1)] * 50, *steps, *[scene(2)] * 50])
    middle_us = (50 + length / 2) * PERIOD_US
    assert cut.kind == "dissolve"
    assert abs(cut.middle_us - middle_us) <= (2 + length / 20) * PERIOD_US
    assert cut.start_us < middle_us < cut.end_us


@pytest.mark.parametrize("empty", [black(), WHITE], ids=["black", "white"])
@pytest.mark.parametrize("held", [1, 15])
def test_a_fade_out_and_in_is_one_edit(empty: Pixels, held: int) -> None:
    out = [mixed(scene(1), empty, share / 20) for share in range(1, 20)]
    into = [mixed(empty, scene(2), share / 20) for share in range(1, 20)]
    (cut,) = found([*[scene(1)] * 50, *out, *[empty] * held, *into, *[scene(2)] * 50])
    assert cut.kind == "fade"
    assert cut.start_us < (69 + held / 2) * PERIOD_US < cut.end_us


@pytest.mark.parametrize("step", [2, 4])
def test_a_slide_is_one(step: int) -> None:
    both = np.concatenate([scene(1), scene(2)], axis=1)
    steps = [np.ascontiguousarray(both[:, x : x + 64]) for x in range(step, 64, step)]
    (cut,) = found([*[scene(1)] * 60, *steps, *[scene(2)] * 60])
    assert cut.kind == "slide"


@pytest.mark.parametrize("frames", [10, 20])
def test_a_wipe_is_one(frames: int) -> None:
    across = np.arange(64)[None, :, None] / 64
    steps = [np.where(across < share / frames, scene(2), scene(1)) for share in range(1, frames)]
    (cut,) = found([*[scene(1)] * 60, *steps, *[scene(2)] * 60])
    assert cut.kind == "wipe"


def test_long_black_is_a_shot_of_its_own() -> None:
    out = [mixed(scene(1), black(), share / 20) for share in range(1, 20)]
    cuts = found([*[scene(1)] * 50, *out, *[black()] * 200, *out[::-1], *[scene(1)] * 50])
    assert [cut.kind for cut in cuts] == ["fade", "fade"]
    assert cuts[0].end_us < 150 * PERIOD_US < cuts[1].start_us


def test_a_fade_in_at_the_start_or_out_at_the_end_is_no_edit() -> None:
    into = [mixed(black(), scene(1), share / 20) for share in range(21)]
    assert found([*[black()] * 20, *into, *[scene(1)] * 60, *into[::-1], *[black()] * 20]) == []


def test_pictures_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="64x36"):
        list(StandardDetector().detect([Frame(0, 1, np.zeros((18, 32, 3), np.uint8))]))


def test_the_recipe_names_the_weights_and_settings() -> None:
    assert make_detector("standard").recipe == f"standard/1 weights={packaged().name} thresholds=0.5,0.7"
    assert StandardDetector(thresholds=Thresholds(hard=0.4)).recipe != StandardDetector().recipe
