"""`frames_at` gives the very frame that reading in order gives: for every clip and every odd file that is indexed.

Time, length and pixels of a picture found by a seek, in a call of its own, against the same picture of one pass.
"""

import random
from bisect import bisect_right
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Frame
from indexer.media import frames_at, probe
from tests.integration.bench_footage import CLIPS, ODD_INDEXED, all_times

pytestmark = pytest.mark.footage

_SIDE = 96
_ODD = tuple(f"odd/{name}" for name in (*ODD_INDEXED, "animation.gif", "truncated_mid_packet.ts"))
_RANDOM = 8
_LONG = 1500  # frames; of longer files fewer moments are asked


@pytest.mark.parametrize("name", [*CLIPS, *_ODD])
def test_a_frame_is_the_same_however_it_is_reached(bench: Path, name: str) -> None:
    path = bench / "footage" / name
    index = probe(path).stream_index
    times, reading = all_times(path, index)

    def pictures(moments: list[int]) -> list[Frame]:
        return list(frames_at(path, moments, longest_side=_SIDE, stream_index=index, reading=reading))

    in_order = {frame.t_us: frame for frame in pictures([t_us for t_us, _ in times])}
    assert [(t_us, frame.duration_us) for t_us, frame in in_order.items()] == times
    wrong = []
    for moment in hard_moments(times, name):
        (reached,) = pictures([moment])
        wanted = in_order[times[_place(times, moment)][0]]
        if (told := difference(reached, wanted)) is not None:
            wrong.append(f"at {moment} us: {told}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [*CLIPS, *_ODD])
def test_leaps_within_one_call_land_on_the_same_frames(bench: Path, name: str) -> None:
    path = bench / "footage" / name
    index = probe(path).stream_index
    times, reading = all_times(path, index)
    end = sum(times[-1])
    wanted = sorted(random.Random(name).randrange(end) for _ in range(12))
    reached = list(frames_at(path, wanted, longest_side=8, stream_index=index, reading=reading))
    assert [(frame.t_us, frame.duration_us) for frame in reached] == [times[_place(times, t)] for t in wanted]


def hard_moments(times: list[tuple[int, int]], seed: str) -> list[int]:
    """Starts and ends of frames to the microsecond, the edges of the file and past them, and some at random."""
    drawn = random.Random(seed)
    last, length = times[-1]
    chosen = drawn.sample(range(len(times)), min(3, len(times)))
    edges = [moment for place in chosen for moment in (times[place][0], times[place][0] - 1, sum(times[place]) - 1)]
    within = [drawn.randrange(last + length) for _ in range(_RANDOM if len(times) < _LONG else _RANDOM // 2)]
    return [*edges[: 9 if len(times) < _LONG else 3], 0, last - 1, last, last + length - 1, last + 10**9, *within]


def difference(reached: Frame, wanted: Frame) -> str | None:
    if (reached.t_us, reached.duration_us) != (wanted.t_us, wanted.duration_us):
        return f"frame {reached.t_us} + {reached.duration_us} instead of {wanted.t_us} + {wanted.duration_us}"
    if reached.pixels.shape != wanted.pixels.shape:
        return f"frame {wanted.t_us} is {reached.pixels.shape} instead of {wanted.pixels.shape}"
    if not np.array_equal(reached.pixels, wanted.pixels):
        off = np.abs(reached.pixels.astype(int) - wanted.pixels)
        return f"frame {wanted.t_us} differs in its pixels (mean {off.mean():.2f}, most {off.max()})"
    return None


def _place(times: list[tuple[int, int]], moment: int) -> int:
    return max(0, bisect_right(times, moment, key=lambda frame: frame[0]) - 1)
