import numpy as np
import pytest

from indexer.domain import Frame
from indexer.segmentation import Measures, tap
from tests.fakes.drawn_footage import as_frames, black, scene, shot


def test_frames_pass_through_unchanged_and_one_by_one() -> None:
    measures = Measures()
    frames = as_frames(shot(1, 5))
    tapped = tap(frames, measures)
    assert next(tapped) is frames[0]
    assert len(measures) == 1
    assert list(tapped) == frames[1:]
    assert measures.table["t_us"].tolist() == [frame.t_us for frame in frames]
    assert measures.end_us == 5 * 40_000


def test_numbers_of_known_pictures() -> None:
    measures = Measures()
    halves = np.zeros((36, 64, 3), np.uint8)
    halves[:, 32:] = 255
    for frame in as_frames([black(), halves, halves]):
        measures.add(frame)
    table = measures.table
    assert table["brightness"].tolist() == [0, 128, 128]
    assert table["spread"].tolist() == [0, 128, 128]
    assert table["motion"].tolist() == pytest.approx([0, 127.5, 0], abs=0.1)
    assert table["gradient"].tolist() == pytest.approx([0, 255 / 63, 255 / 63], abs=0.01)
    assert table["histogram"][0].tolist() == [255] + [0] * 15
    assert table["histogram"][1].tolist() == [128] + [0] * 14 + [128]


def test_many_frames_stay_in_order_and_compact() -> None:
    measures = Measures()
    picture = scene(1)
    for number in range(9000):
        measures.add(Frame(number * 10, 10, picture))
    assert len(measures) == 9000
    assert measures.table["t_us"].tolist() == list(range(0, 90_000, 10))
    assert measures.table.itemsize <= 32


def test_without_frames_the_table_is_empty() -> None:
    assert len(Measures().table) == 0
    assert Measures().end_us == 0
