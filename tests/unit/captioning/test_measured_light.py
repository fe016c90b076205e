"""Light and colour words on pictures of known numbers."""

import numpy as np
import pytest

from indexer.captioning.measured.colours import name_pixels
from indexer.captioning.measured.facts import Appearance
from indexer.captioning.measured.light import measure_appearance
from indexer.domain import Pixels


def plain(*colour: int, noise: int = 4, size: tuple[int, int] = (90, 160)) -> Pixels:
    random = np.random.default_rng(0)
    picture = np.array(colour) + random.integers(-noise, noise + 1, (*size, 1))
    return np.clip(picture, 0, 255).astype(np.uint8)


def look(*pictures: Pixels) -> Appearance:
    return measure_appearance(pictures)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((200, 20, 20), "red"),
        ((240, 140, 20), "orange"),
        ((250, 230, 40), "yellow"),
        ((40, 160, 40), "green"),
        ((10, 60, 15), "dark green"),
        ((30, 170, 165), "turquoise"),
        ((30, 60, 200), "blue"),
        ((10, 20, 80), "dark blue"),
        ((135, 190, 240), "light blue"),
        ((120, 40, 160), "purple"),
        ((250, 130, 180), "pink"),
        ((110, 70, 35), "brown"),
        ((215, 195, 160), "beige"),
        ((128, 128, 128), "grey"),
        ((250, 250, 250), "white"),
        ((5, 5, 5), "black"),
    ],
)
def test_a_plain_colour_has_its_common_name(colour: tuple[int, int, int], name: str) -> None:
    import cv2

    pixel = np.array([[colour]], np.float32) / 255
    assert name_pixels(np.asarray(cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB), dtype=np.float32).reshape(-1, 3)) == [name]


def test_the_largest_colour_comes_first_and_small_ones_are_left_out() -> None:
    picture = plain(30, 60, 200)
    picture[:, :60] = (240, 140, 20)
    picture[:10, :10] = (40, 160, 40)
    assert look(picture).colours == ("blue", "orange")


def test_dark_and_bright_pictures() -> None:
    assert "dark" in look(plain(25, 25, 40)).light
    assert "bright" in look(plain(220, 215, 210)).light
    halves = plain(150, 90, 60)
    halves[:, :80] = (40, 70, 50)
    assert look(halves).light == ()


def test_black_is_said_once_and_without_colours() -> None:
    assert look(plain(2, 2, 2, noise=2)) == Appearance(("black",), (), None)


def test_a_title_on_black_is_mostly_black_and_not_night() -> None:
    picture = plain(0, 0, 0, noise=1)
    picture[40:48, 40:120] = 240
    assert look(picture).light == ("mostly black",)


def test_blue_sky_over_a_bright_meadow_is_like_daylight() -> None:
    picture = plain(120, 200, 110)
    picture[:45] = (150, 195, 245)
    assert "daylight-like" in look(picture).light


def test_an_orange_low_sun_is_warm_low_light() -> None:
    ramp = np.linspace(0.05, 0.9, 90)[:, None, None] * np.array([255, 150, 60])
    picture = np.repeat(ramp, 160, axis=1).astype(np.uint8)
    assert "warm low" in look(picture).light


def test_yellow_leaves_among_green_are_not_warm_light() -> None:
    picture = plain(60, 140, 60)
    picture[:, ::3] = (240, 200, 60)
    assert not {"warm", "warm low"} & set(look(picture).light)


def test_grey_pictures_are_black_and_white() -> None:
    random = np.random.default_rng(1)
    grey = np.repeat(random.integers(0, 256, (90, 160, 1), dtype=np.uint8), 3, axis=2)
    assert look(grey).tone == "black and white"
    assert look(grey).colours == ()


def test_white_letters_on_black_are_no_black_and_white_film() -> None:
    title = plain(12, 12, 12, noise=1)
    for left in range(20, 140, 20):
        title[30:60, left : left + 10] = 245
    assert look(title).tone is None


def test_brown_prints_are_sepia() -> None:
    ramp = np.linspace(0.1, 1, 160)[None, :, None] * np.array([240, 210, 165])
    assert look(np.repeat(ramp, 90, axis=0).astype(np.uint8)).tone == "sepia"


def test_one_coloured_frame_in_three_is_not_black_and_white() -> None:
    random = np.random.default_rng(1)
    grey = np.repeat(random.integers(0, 256, (90, 160, 1), dtype=np.uint8), 3, axis=2)
    red = grey * np.array([1, 0, 0], np.uint8)
    assert look(grey, grey, red).tone is None


def test_a_word_must_hold_for_most_of_the_clip() -> None:
    dark, bright = plain(25, 25, 40), plain(220, 215, 210)
    assert look(dark, bright).light == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_any_size_can_be_measured(size: tuple[int, int]) -> None:
    assert look(plain(200, 20, 20, size=size)).colours == ("red",)
