"""The measured captioner on clips at the edges of what there can be."""

import numpy as np
import pytest

from indexer.captioning.base import Clip
from indexer.captioning.measured import MeasuredCaptioner
from indexer.captioning.measured.faces import NO_FACES, find_faces
from indexer.domain import Frame, Pixels
from indexer.timecode import TimeRange


def clip_of(*pictures: Pixels) -> Clip:
    frames = tuple(Frame(n * 125_000, 125_000, picture) for n, picture in enumerate(pictures))
    return Clip(TimeRange(0, max(1, len(frames)) * 125_000), frames)


def caption(*pictures: Pixels) -> str:
    return next(MeasuredCaptioner().captions([clip_of(*pictures)])).text


def test_black_is_called_black_and_nothing_else() -> None:
    assert caption(*[np.zeros((180, 320, 3), np.uint8)] * 16) == "The picture is black. 2.0 seconds."


def test_a_single_frame_has_colours_but_no_movement() -> None:
    red = np.full((180, 320, 3), (200, 20, 20), np.uint8)
    assert caption(red) == "The picture is mainly red. 0.1 seconds."


@pytest.mark.parametrize("size", [(1, 1), (2, 500), (500, 2), (31, 31), (33, 33)])
def test_tiny_and_thin_pictures_are_captioned(size: tuple[int, int]) -> None:
    red = np.full((*size, 3), (200, 20, 20), np.uint8)
    assert "mainly red" in caption(red, red, red)


def test_frames_that_change_size_are_captioned() -> None:
    red = np.full((180, 320, 3), (200, 20, 20), np.uint8)
    assert "mainly red" in caption(red, red[:90, :160], red)


def test_noise_and_plain_pictures_have_no_faces() -> None:
    random = np.random.default_rng(0)
    noise = [random.integers(0, 256, (180, 320, 3), dtype=np.uint8) for _ in range(5)]
    assert find_faces(noise) == NO_FACES
    assert find_faces([np.full((180, 320, 3), 128, np.uint8)] * 5) == NO_FACES
    assert find_faces(noise[:1]) == NO_FACES


def test_what_it_is_not_is_said() -> None:
    assert "no model" in MeasuredCaptioner().note
    assert MeasuredCaptioner().recipe == "measured/2"
