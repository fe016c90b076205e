import threading
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from indexer.domain import Cut, Frame, Recipe
from indexer.segmentation import Plan, make_detector, plan, scan
from tests.fakes.detectors import ScriptedDetector
from tests.fakes.drawn_footage import PERIOD_US, as_frames, shot


def footage() -> list[Frame]:
    return as_frames([*shot(1, 100), *shot(2, 20), *shot(3, 130)])


class FailingDetector(ScriptedDetector):
    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        for frame in frames:
            if frame.t_us > 20 * PERIOD_US:
                raise RuntimeError("the detector broke")
        yield from ()


class HastyDetector(ScriptedDetector):
    """Stops reading after its first cut."""

    @property
    def recipe(self) -> Recipe:
        return Recipe("hasty/1")

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        for frame in frames:
            if frame.t_us:
                yield Cut(frame.t_us, frame.t_us, "cut", 1.0)
                return


def test_a_plan_has_cuts_segments_and_a_keyframe_for_each() -> None:
    made = plan(footage(), make_detector("content"))
    assert made.end_us == 250 * PERIOD_US
    assert made.frames == 250
    assert [cut.start_us // PERIOD_US for cut in made.cuts] == [100, 120]
    assert len(made.spans) == 2
    assert (made.spans[0].start_us, made.spans[-1].end_us) == (0, made.end_us)
    assert all(t_us in span for times, span in zip(made.keyframe_times, made.spans, strict=True) for t_us in times)


def test_scanning_tells_progress_and_ends_with_the_same_plan() -> None:
    *progress, last = scan(iter(footage()), make_detector("content"))
    assert progress == [number * PERIOD_US for number in range(24, 250, 25)]
    assert last == plan(footage(), make_detector("content"))


def test_a_video_without_frames_has_no_segments() -> None:
    assert list(scan([], make_detector("content"))) == [Plan(0, 0, (), (), (), ())]


def test_one_frame_is_one_segment() -> None:
    assert plan(footage()[:1], make_detector("content")).keyframe_times == ((0,),)


def test_a_plan_survives_the_wire() -> None:
    made = plan(footage(), make_detector("content"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=int | Plan) == made


def test_a_failing_detector_stops_the_scan() -> None:
    with pytest.raises(RuntimeError, match="the detector broke"):
        list(scan(as_frames(shot(1, 1000)), FailingDetector()))


def test_failing_frames_stop_the_scan() -> None:
    def broken() -> Iterator[Frame]:
        yield from footage()
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        list(scan(broken(), make_detector("content")))


def test_a_detector_may_stop_reading_early() -> None:
    *_, last = scan(footage(), HastyDetector())
    assert isinstance(last, Plan)
    assert last.frames == 250


def test_a_scan_that_is_given_up_leaves_no_thread() -> None:
    scanning = scan(as_frames(shot(1, 500)), make_detector("content"))
    next(scanning)
    scanning.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("shot-detector")]
