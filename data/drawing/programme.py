"""Films: shots joined by cuts, dissolves and fades at known frames."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Literal

import cv2
import numpy as np

from data.drawing.canvas import Picture
from data.drawing.dice import Dice
from data.drawing.scenes import SCENES
from data.drawing.scenes.scene import LANDSCAPE, Scene, Size

Join = Literal["cut", "dissolve", "fade"]
JOIN_SECONDS: dict[Join, Fraction] = {"cut": Fraction(0), "dissolve": Fraction(4, 5), "fade": Fraction(6, 5)}
VARYING_STEPS = (Fraction(1, 30), Fraction(1, 30), Fraction(1, 30), Fraction(1, 24), Fraction(1, 15))


@dataclass(frozen=True, slots=True)
class Shot:
    kind: str  # a key of SCENES
    seconds: float
    pins: Mapping[str, str | int] = field(default_factory=dict)
    join: Join = "cut"  # how it follows the shot before it


@dataclass(frozen=True)
class Film:
    """What is shot. `rate` None means that frames last unequally long, as telephones record."""

    seed: str
    shots: tuple[Shot, ...]
    rate: Fraction | None
    size: Size = LANDSCAPE

    @cached_property
    def times(self) -> tuple[Fraction, ...]:
        """When each frame is shown, in seconds, and last, when the film ends."""
        end = sum(Fraction(shot.seconds) for shot in self.shots)
        if self.rate is not None:
            return tuple(index / self.rate for index in range(round(end * self.rate) + 1))
        times, stream = [Fraction(0)], Random(f"{self.seed}/steps")
        while times[-1] < end:
            times.append(times[-1] + stream.choice(VARYING_STEPS))
        return tuple(times)

    @property
    def frames(self) -> int:
        return len(self.times) - 1

    @cached_property
    def joins(self) -> tuple[tuple[int, int, int], ...]:
        """For each shot after the first: the first frame its join affects, the frame it counts from, and the first
        frame that is clean again. All three are one in a hard cut."""
        starts = accumulate(Fraction(shot.seconds) for shot in self.shots[:-1])
        found = []
        for start, shot in zip(starts, self.shots[1:], strict=True):
            half = JOIN_SECONDS[shot.join] / 2
            found.append((self._frame_from(start - half), self._frame_from(start), self._frame_from(start + half)))
        return tuple(found)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """For each shot, the frames in which anything of it is seen: first, and one past the last."""
        firsts = [0, *(first for first, _, _ in self.joins)]
        ends = [*(clean for _, _, clean in self.joins), self.frames]
        return tuple(zip(firsts, ends, strict=True))

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        return tuple(
            SCENES[shot.kind](Dice(f"{self.seed}/{index}", shot.pins), float(self.times[end] - self.times[first]))
            for index, (shot, (first, end)) in enumerate(zip(self.shots, self.spans, strict=True))
        )

    def pictures(self) -> Iterator[Picture]:
        """Every frame in order: (height, width, 3) RGB."""
        for frame in range(self.frames):
            yield self.picture(frame)

    def picture(self, frame: int) -> Picture:
        seen = [index for index, (first, end) in enumerate(self.spans) if first <= frame < end]
        drawn = [
            self.scenes[index].draw(float(self.times[frame] - self.times[self.spans[index][0]]), self.size)
            for index in seen
        ]
        if len(drawn) == 1:
            return drawn[0]
        first, _, clean = self.joins[seen[0]]
        return _joined(drawn[0], drawn[1], (frame - first + 1) / (clean - first + 1), self.shots[seen[1]].join)

    def _frame_from(self, moment: Fraction) -> int:
        return next(index for index, time in enumerate(self.times) if time >= moment)


def _joined(before: Picture, after: Picture, share: float, join: Join) -> Picture:
    if join == "fade":
        shown, light = (before, 1 - 2 * share) if share < 0.5 else (after, 2 * share - 1)
        return np.asarray(shown * light, dtype=np.uint8)
    return np.asarray(cv2.addWeighted(before, 1 - share, after, share, 0), dtype=np.uint8)
