import subprocess
import sys

import pytest

from indexer.errors import ComponentError
from indexer.segmentation import make_detector
from indexer.segmentation.fixed import FixedDetector
from tests.fakes.drawn_footage import as_frames, black


def test_cuts_at_the_first_frame_of_every_interval() -> None:
    frames = as_frames([black()] * 200, 300_000)
    assert [cut.start_us for cut in FixedDetector(seconds=10).detect(frames)] == [
        10_200_000,
        20_100_000,
        30_000_000,
        40_200_000,
        50_100_000,
    ]


def test_an_interval_without_frames_has_no_cut() -> None:
    frames = as_frames([black()] * 3, 25_000_000)
    assert [cut.start_us for cut in FixedDetector(seconds=10).detect(frames)] == [25_000_000, 50_000_000]


def test_the_recipe_names_the_interval() -> None:
    assert make_detector("fixed").recipe == "fixed/1 seconds=10"


def test_an_unknown_detector_is_named() -> None:
    with pytest.raises(ComponentError, match="'guess'"):
        make_detector("guess")


def test_the_room_loads_nothing_heavy() -> None:
    program = "import sys, indexer.segmentation; print({'torch', 'cv2', 'av', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
