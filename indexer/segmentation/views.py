"""A moving window over the sketches of a video: what a decision about one moment may look at. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.segmentation.sketch import Sketch, difference

RADIUS = 10  # sketches seen on either side: a quarter of a second at forty a second
_NEIGHBOURS = 8  # sketches on either side whose steps are the usual ones


@dataclass(frozen=True, slots=True)
class View:
    """One sketch between up to ten before and ten after it. `steps`: of each of them all, in order, the difference
    from its predecessor."""

    sketch: Sketch
    before: Sequence[Sketch]
    after: Sequence[Sketch]
    steps: Sequence[float]

    @property
    def step(self) -> float:
        return self.steps[len(self.before)]

    @property
    def is_peak(self) -> bool:
        place = len(self.before)
        earlier, later = self.steps[max(0, place - 1) : place], self.steps[place + 1 : place + 2]
        return all(self.step > step for step in earlier) and all(self.step >= step for step in later)

    @property
    def usual_step(self) -> float:
        """The mean of both sides' root mean square: large steps count more, as doubled frames hide between zeros."""
        place = len(self.before)
        sides = self.steps[max(0, place - _NEIGHBOURS) : place], self.steps[place + 1 : place + 1 + _NEIGHBOURS]
        usual = [_root_mean_square(side) for side in sides if side]
        return sum(usual) / max(len(usual), 1)


def views(sketches: Iterable[Sketch]) -> Iterator[View]:
    """A view of every sketch, each as soon as the ten after it have been seen."""
    seen: deque[tuple[Sketch, float]] = deque(maxlen=2 * RADIUS + 1)
    for sketch in sketches:
        seen.append((sketch, difference(seen[-1][0], sketch) if seen else 0.0))
        if len(seen) > RADIUS:
            yield _view(list(seen), len(seen) - 1 - RADIUS)
    for place in range(max(0, len(seen) - RADIUS), len(seen)):
        yield _view(list(seen), place)


def _view(seen: list[tuple[Sketch, float]], place: int) -> View:
    near = seen[max(0, place - RADIUS) : place + RADIUS + 1]
    pictures = [sketch for sketch, _ in near]
    centre = min(place, RADIUS)
    return View(pictures[centre], pictures[:centre], pictures[centre + 1 :], [step for _, step in near])


def _root_mean_square(steps: Sequence[float]) -> float:
    return float((sum(step * step for step in steps) / len(steps)) ** 0.5)
