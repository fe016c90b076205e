"""The drawn footage that the shot detector learns from: the same for ever, and without edits."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.shot_training.drawn import HEIGHT, WIDTH, draw_card, draw_place
from benchmarks.shot_training.drawn.light import LIGHTS, light_up
from benchmarks.shot_training.drawn.looks import STEPS, developed
from benchmarks.shot_training.drawn.overlays import OVERLAYS, overlay
from benchmarks.shot_training.drawn.places import PAINTERS
from benchmarks.shot_training.drawn.raster import Take, dice

FRAMES = 40


def steps(take: Take) -> NDArray[np.float64]:
    """(frames - 1,): by how much each frame differs from the one before, of 255."""
    return np.asarray(np.abs(np.diff(take.astype(np.int16), axis=0)).mean((1, 2, 3)))


def difference(before: Take, after: Take) -> float:
    """Between the last frame of one take and the first of another."""
    return float(np.abs(before[-1].astype(np.int16) - after[0]).mean())


def textured_take(level: int = 80) -> Take:
    picture = np.clip(dice(1, "picture").normal(level, 30, (HEIGHT, WIDTH, 3)), 0, 255).astype(np.uint8)
    return np.repeat(picture[None], FRAMES, 0)


@pytest.mark.parametrize("kind", PAINTERS)
def test_every_kind_of_place_gives_takes_in_which_something_is_seen(kind: str) -> None:
    place = replace(draw_place(3), kind=kind)
    for seed in (1, 2):
        take = place.plain_shot(seed, FRAMES)
        assert take.shape == (FRAMES, HEIGHT, WIDTH, 3)
        assert take.dtype == np.uint8
        assert take[:10].std() > 3


@pytest.mark.parametrize("seed", range(8))
def test_the_same_seeds_give_the_same_pictures_whatever_was_drawn_before(seed: int) -> None:
    first = draw_place(seed)
    before = [first.shot(number, FRAMES) for number in (1, 2)]
    second = draw_place(seed)
    after = [second.shot(number, FRAMES) for number in (2, 1)]
    assert np.array_equal(before[0], after[1])
    assert np.array_equal(before[1], after[0])
    assert not np.array_equal(before[0], before[1])


def test_other_seeds_give_other_places_and_cards() -> None:
    assert not np.array_equal(draw_place(1).shot(1, 2), draw_place(2).shot(1, 2))
    assert not np.array_equal(draw_card(1, 2), draw_card(2, 2))


def test_within_plain_takes_hardly_a_frame_changes_as_much_as_at_a_cut() -> None:
    takes = [draw_place(seed).plain_shot(1, FRAMES) for seed in range(100, 140)]
    within = np.concatenate([steps(take) for take in takes])
    cuts = [difference(before, after) for before, after in pairwise(takes)]
    assert np.quantile(within, 0.9) < np.quantile(cuts, 0.1)
    assert np.quantile(within, 0.99) < np.median(cuts)


def test_shots_of_one_place_are_more_alike_than_shots_of_two() -> None:
    pairs = [[draw_place(seed).plain_shot(number, 2) for number in (1, 2)] for seed in range(200, 240)]
    alike = [difference(first, second) for first, second in pairs]
    unlike = [difference(one[1], other[0]) for one, other in pairwise(pairs)]
    assert min(alike) > 1  # yet never the same picture again
    assert np.median(alike) < 0.8 * np.median(unlike)


def test_places_of_one_film_share_its_look() -> None:
    looks = [draw_place(seed, film=7).look for seed in (1, 2)]
    assert looks[0].curve.tolist() == looks[1].curve.tolist()
    assert looks[0].edges == looks[1].edges
    assert len({draw_place(seed).look.curve.tobytes() for seed in range(5)}) > 1


@pytest.mark.parametrize("kind", [kind for kind in LIGHTS if kind != "constant"])
def test_light_changes_and_never_goes_out(kind: str) -> None:
    lit = [light_up(dice(seed, "light"), textured_take(), kind) for seed in range(6)]
    assert max(float(steps(take).max()) for take in lit) > 0.2
    assert min(float(take.mean((1, 2, 3)).min()) for take in lit) > 15


@pytest.mark.parametrize("kind", ["lightning", "press", "explosion"])
def test_after_a_flash_the_picture_is_what_it_was(kind: str) -> None:
    for seed in range(6):
        take = light_up(dice(seed, "light"), textured_take(), kind)
        untouched = (take == textured_take()).all((1, 2, 3))
        assert 0 < untouched.sum() < FRAMES


@pytest.mark.parametrize("kind", [kind for kind in OVERLAYS if kind != "none"])
def test_graphics_are_laid_over_a_part_of_the_picture(kind: str) -> None:
    drawn = [overlay(dice(seed, "overlay"), textured_take(), kind) for seed in range(6)]
    changed = np.array([(take != textured_take()).any(3).mean((1, 2)).max() for take in drawn])
    assert changed.max() > 0.005
    assert np.median(changed) < 0.7


@pytest.mark.parametrize("kind", STEPS)
def test_developing_keeps_the_number_of_frames(kind: str) -> None:
    look = replace(draw_place(1).look, steps=kind, grain=0.0, age=0.0, blocks=0, vignette=0.0)
    ramp = np.arange(FRAMES, dtype=np.uint8)[:, None, None, None] * np.full((1, HEIGHT, WIDTH, 3), 5, np.uint8)
    shown = developed(dice(1, "steps"), ramp, look)
    assert shown.shape == ramp.shape
    if kind.startswith("held"):
        period = int(kind[-1])
        assert not np.delete(steps(shown), np.arange(period - 1, FRAMES - 1, period)).any()


@pytest.mark.parametrize("seed", range(12))
def test_a_card_keeps_its_ground(seed: int) -> None:
    card = draw_card(seed, FRAMES)
    assert card.shape == (FRAMES, HEIGHT, WIDTH, 3)
    assert np.median(steps(card)) < 12
