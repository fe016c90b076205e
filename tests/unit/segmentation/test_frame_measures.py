import numpy as np
import pytest

from indexer.domain import Frame, Pixels
from indexer.segmentation.measure import FrameTable, Measures, tap
from tests.fakes.drawn_footage import as_frames, black, scene, shot


def measured(pictures: list[Pixels]) -> FrameTable:
    measures = Measures()
    for frame in as_frames(pictures):
        measures.add(frame)
    return measures.table


def enlarged(picture: Pixels, times: int) -> Pixels:
    return np.repeat(np.repeat(picture, times, axis=0), times, axis=1)


def test_frames_pass_through_unchanged_and_one_by_one() -> None:
    measures = Measures()
    frames = as_frames(shot(1, 5))
    tapped = tap(frames, measures)
    assert next(tapped) is frames[0]
    assert measures.end_us == 40_000
    assert list(tapped) == frames[1:]
    assert measures.table["t_us"].tolist() == [frame.t_us for frame in frames]
    assert measures.end_us == 5 * 40_000


def test_numbers_of_known_pictures() -> None:
    halves = np.zeros((36, 64, 3), np.uint8)
    halves[:, 32:] = 255
    table = measured([black(), halves, halves])
    assert table["brightness"].tolist() == [0, 128, 128]
    assert table["spread"].tolist() == pytest.approx([0, 127.5, 127.5], abs=0.6)
    assert table["motion"].tolist() == pytest.approx([0, 127.5, 0], abs=0.1)
    assert table["gradient"].tolist() == pytest.approx([0, 255 / 63, 255 / 63], abs=0.01)
    assert table["histogram"][0].tolist() == [255] + [0] * 15
    assert table["histogram"][1].tolist() == [128] + [0] * 14 + [128]
    assert table["colours"][1].tolist() == [[[0] * 3, [0] * 3, [255] * 3, [255] * 3]] * 3


def test_colours_are_told_by_place() -> None:
    picture = black()
    picture[:12, :16] = 200, 100, 50
    picture[24:, 48:] = 10, 20, 30
    colours = measured([picture])["colours"][0]
    assert colours[0, 0].tolist() == [200, 100, 50]
    assert colours[2, 3].tolist() == [10, 20, 30]
    assert not colours[1].any()


def test_brightness_weighs_colours_as_eyes_do() -> None:
    pictures = [np.full((36, 64, 3), colour, np.uint8) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    assert measured(pictures)["brightness"].tolist() == pytest.approx([76, 150, 29], abs=1)


def test_it_does_not_matter_where_a_block_of_frames_ends() -> None:
    pictures = list(shot(3, 100))
    measures = Measures()
    for frame in as_frames(pictures):
        measures.add(frame)
        if frame.t_us % 280_000 == 0:
            assert len(measures.table) == frame.t_us // 40_000 + 1
    assert measures.table.tobytes() == measured(pictures).tobytes()


@pytest.mark.parametrize("times", [2, 3, 5])
def test_larger_pictures_have_comparable_measures(times: int) -> None:
    pictures = list(shot(4, 40))
    assert measured([enlarged(one, times) for one in pictures]).tobytes() == measured(pictures).tobytes()


@pytest.mark.parametrize("size", [(27, 48), (32, 64), (100, 200), (36, 1), (1, 1), (2, 3)])
def test_pictures_of_any_size_are_measured(size: tuple[int, int]) -> None:
    table = measured([np.full((*size, 3), level, np.uint8) for level in (90, 100)])
    assert table["brightness"].tolist() == [90, 100]
    assert table["motion"].tolist() == [0, 10]
    assert table["gradient"].tolist() == [0, 0]
    parts = {tuple(part) for part in table["colours"][0].reshape(-1, 3).tolist()}
    assert (90, 90, 90) in parts


def test_many_frames_stay_in_order_and_compact() -> None:
    measures = Measures()
    picture = scene(1)
    for number in range(9000):
        measures.add(Frame(number * 10, 10, picture))
    assert measures.table["t_us"].tolist() == list(range(0, 90_000, 10))
    day = 25 * 86_400 * measures.table.itemsize
    assert day < 150_000_000


def test_without_frames_the_table_is_empty() -> None:
    assert len(Measures().table) == 0
    assert Measures().end_us == 0
