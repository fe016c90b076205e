import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.domain import Cut, Frame, Recipe
from indexer.segmentation import Candidate, Plan, ShotDetector, scan
from indexer.timecode import TimeRange
from tests.fakes.detectors import ScriptedDetector
from tests.fakes.drawn_footage import PERIOD_US, as_frames, black, scene, shot


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


class ToldDetector(ScriptedDetector):
    """Finds these cuts, whatever the frames show."""

    def __init__(self, cuts: Sequence[Cut]) -> None:
        super().__init__()
        self._cuts = cuts

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        for _ in frames:
            pass
        yield from self._cuts


def plan(frames: Iterable[Frame], detector: ShotDetector) -> Plan:
    *_, last = scan(frames, detector)
    assert isinstance(last, Plan)
    return last


def test_a_plan_has_cuts_segments_and_a_keyframe_for_each() -> None:
    made = plan(footage(), ScriptedDetector([100, 120]))
    assert made.end_us == 250 * PERIOD_US
    assert made.frames == 250
    assert [cut.start_us // PERIOD_US for cut in made.cuts] == [100, 120]
    assert len(made.spans) == 2
    assert (made.spans[0].start_us, made.spans[-1].end_us) == (0, made.end_us)
    assert all(t_us in span for times, span in zip(made.keyframe_times, made.spans, strict=True) for t_us in times)


def test_scanning_tells_progress() -> None:
    *progress, _ = scan(iter(footage()), ScriptedDetector([100, 120]))
    assert progress == [number * PERIOD_US for number in range(24, 250, 25)]


def test_candidates_that_come_while_scanning_stand_for_segments() -> None:
    candidates: list[Candidate] = []
    scanning = scan(footage(), ScriptedDetector([100, 120]), candidates)
    for step in scanning:
        if isinstance(step, Plan):
            assert step.keyframe_times == ((41 * PERIOD_US,), (199 * PERIOD_US,))
        elif not candidates:
            candidates += [Candidate(frame * PERIOD_US, float(frame)) for frame in (23, 41, 150, 199)]


def test_scenes_are_places() -> None:
    pictures = [*shot(1, 100), *shot(2, 80), *shot(1, 60), *(picture // 3 for picture in shot(3, 130))]
    made = plan(as_frames(pictures), ScriptedDetector([100, 180, 240]))
    assert [scene.start_us // PERIOD_US for scene in made.scenes] == [0, 240]
    assert len(made.spans) == 4


def test_a_video_without_frames_has_no_segments() -> None:
    assert list(scan([], ScriptedDetector([100, 120]))) == [Plan(0, 0, (), (), (), ())]


def test_one_frame_is_one_segment() -> None:
    assert plan(footage()[:1], ScriptedDetector([100, 120])).keyframe_times == ((0,),)


def test_a_plan_survives_the_wire() -> None:
    made = plan(footage(), ScriptedDetector([100, 120]))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=int | Plan) == made


def test_a_failing_detector_stops_the_scan() -> None:
    with pytest.raises(RuntimeError, match="the detector broke"):
        list(scan(as_frames(shot(1, 1000)), FailingDetector()))


def test_failing_frames_stop_the_scan() -> None:
    def broken() -> Iterator[Frame]:
        yield from footage()
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        list(scan(broken(), ScriptedDetector([100, 120])))


def test_a_detector_may_stop_reading_early() -> None:
    *_, last = scan(footage(), HastyDetector())
    assert isinstance(last, Plan)
    assert last.frames == 250


def test_a_scan_that_is_given_up_leaves_no_thread() -> None:
    scanning = scan(as_frames(shot(1, 500)), ScriptedDetector([100, 120]))
    next(scanning)
    scanning.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("shot-detector")]


PICTURES = [scene(1), scene(2), scene(3), black()]
gaps = st.one_of(st.just(40_000), st.integers(8_000, 200_000), st.integers(8_000, 3_000_000))


@st.composite
def footage_with_cuts(draw: st.DrawFn) -> tuple[list[Frame], list[Cut]]:
    """Frames at any pace, runs of them showing one of four pictures, and cuts anywhere, hard and gradual."""
    runs = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 60), gaps), min_size=1, max_size=12))
    durations = [gap for _, length, gap in runs for _ in range(length)]
    pictures = [PICTURES[look] for look, length, _ in runs for _ in range(length)]
    times = [0, *accumulate(durations)]
    frames = [Frame(*timed) for timed in zip(times, durations, pictures, strict=False)]
    place = st.integers(0, len(frames) - 1)
    edits = draw(st.lists(st.tuples(place, st.integers(0, 40)), max_size=30))
    ends = [(times[start], times[min(start + length, len(frames) - 1)]) for start, length in sorted(edits)]
    return frames, [Cut(start, end, "cut" if start == end else "dissolve", 0.5) for start, end in ends]


@settings(max_examples=60, deadline=None)
@given(footage_with_cuts(), st.sets(st.integers(0, 700), max_size=20))
def test_whatever_the_footage_the_plan_keeps_its_promises(told: tuple[list[Frame], list[Cut]], kept: set[int]) -> None:
    frames, cuts = told
    candidates = [Candidate(frames[place].t_us, float(place % 7)) for place in sorted(kept) if place < len(frames)]
    *_, made = scan(frames, ToldDetector(cuts), candidates)
    assert isinstance(made, Plan)
    times, longest = {frame.t_us for frame in frames}, max(frame.duration_us for frame in frames)
    for parts in (made.scenes, made.spans):
        assert (parts[0].start_us, parts[-1].end_us) == (0, frames[-1].t_us + frames[-1].duration_us)
        assert all(first.end_us == second.start_us for first, second in pairwise(parts))
        assert {part.start_us for part in parts} <= times
    assert {scene.start_us for scene in made.scenes} <= {span.start_us for span in made.spans}
    assert all(span.duration_us <= max(20_000_000, longest) for span in made.spans)
    if longest <= 200_000 and made.end_us >= 2_000_000:
        assert all(part.duration_us >= 2_000_000 for part in (*made.scenes, *made.spans))
    for span, keyframes in zip(made.spans, made.keyframe_times, strict=True):
        assert 1 <= len(set(keyframes)) == len(keyframes) <= 3
        assert all(t_us in span and t_us in times for t_us in keyframes)
        assert_outside_edits(span, keyframes, made.cuts, frames)


def assert_outside_edits(span: TimeRange, keyframes: Sequence[int], cuts: Sequence[Cut], frames: list[Frame]) -> None:
    """Or in one only because the span has no other frame with content."""
    shown = {frame.t_us: frame for frame in frames if frame.t_us in span}
    inside = {t_us for t_us in shown if any(cut.start_us <= t_us < cut.end_us for cut in cuts)}
    clean = [t_us for t_us in shown if t_us not in inside and shown[t_us].pixels.any()]
    assert not clean or not inside & set(keyframes)
