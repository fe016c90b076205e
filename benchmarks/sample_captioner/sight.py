"""What is to be told of a clip: its place, light and camera, and what happens in it, in order."""

from dataclasses import dataclass, replace
from typing import Literal

Heading = Literal["left", "right"]

TURNED: dict[str, str] = {"left": "right", "right": "left"}
MIRRORED_CAMERA = {"pan left": "pan right", "pan right": "pan left"}
REVERSED_CAMERA = {
    **MIRRORED_CAMERA,
    "tilt up": "tilt down",
    "tilt down": "tilt up",
    "zoom in": "zoom out",
    "zoom out": "zoom in",
}
_BACKWARDS = (
    ("arrives", "departs"),
    ("lights", "darkens"),
    ("hides", "appears"),
    ("rise", "sink"),
    ("stops", "leaves"),
    ("drives in", "drives off"),
    ("lifted", "lowered"),
    ("takes", "puts"),
    ("comes", "goes"),
)
REVERSED_DOING = {**dict(_BACKWARDS), **{after: before for before, after in _BACKWARDS}}
# A ball that leaves the net, a snowball that comes back, a caption that goes and shrinking fireworks make no sense; and
# a sailing boat that is always in the middle goes where it points, whichever way time runs.
ONE_WAY = frozenset(("goal", "snowman", "interview", "fireworks", "sail"))
THEN = 0.1  # what starts later than this share of the clip comes "then", else "while"


@dataclass(frozen=True, slots=True)
class Happening:
    """`noun` and `doing` are keys of the vocabulary. `start`, `end` and `seen` are shares of the clip's time."""

    noun: str
    colour: str | None = None
    doing: str | None = None
    heading: str | None = None
    start: float = 0.0
    end: float = 1.0
    seen: tuple[float, float] = (0.0, 1.0)  # when the thing is in the picture
    main: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    kind: str
    place: str
    light: str
    camera: str
    happenings: tuple[Happening, ...]  # in order

    @property
    def main(self) -> Happening:
        return next(happening for happening in self.happenings if happening.main)

    @property
    def is_frozen(self) -> bool:
        return self.camera == "frozen"

    def links(self) -> list[str]:
        """How each happening after the first follows the one before it: then, while."""
        pairs = zip(self.happenings, self.happenings[1:], strict=False)
        return ["then" if after.start - before.start > THEN else "while" for before, after in pairs]


def in_order(sight: Sight) -> Sight:
    """Earlier starts first; of what starts together, the main thing."""
    ordered = sorted(sight.happenings, key=lambda one: one.start)
    index = next((n for n, one in enumerate(ordered) if one.main), 0)
    while index and ordered[index].start - ordered[index - 1].start <= THEN:
        ordered[index - 1], ordered[index] = (
            replace(ordered[index], start=ordered[index - 1].start),
            ordered[index - 1],
        )
        index -= 1
    return replace(sight, happenings=tuple(ordered))


def mirrored(sight: Sight) -> Sight:
    turned = tuple(replace(one, heading=_turned(one.heading)) for one in sight.happenings)
    return replace(sight, happenings=turned, camera=MIRRORED_CAMERA.get(sight.camera, sight.camera))


def can_reverse(sight: Sight) -> bool:
    return sight.kind not in ONE_WAY and not any(one.noun in ONE_WAY for one in sight.happenings)


def backwards(sight: Sight) -> Sight:
    """The clip with its time reversed."""
    turned = tuple(
        replace(
            one,
            heading=_turned(one.heading),
            doing=REVERSED_DOING.get(one.doing or "", one.doing),
            start=1 - one.end,
            end=1 - one.start,
            seen=(1 - one.seen[1], 1 - one.seen[0]),
        )
        for one in sight.happenings
    )
    return in_order(replace(sight, happenings=turned, camera=REVERSED_CAMERA.get(sight.camera, sight.camera)))


def part(sight: Sight, start: float, end: float) -> Sight | None:
    """The clip from `start` to `end` (shares). None where the main thing does nothing in it, or where it is a matter
    of taste whether something is seen: between a tenth and three fifths of it."""
    kept = []
    for one in sight.happenings:
        inside = min(end, one.end) - max(start, one.start)
        share = inside / min(one.end - one.start, end - start)
        if 0.1 < share < 0.6:
            return None
        if share >= 0.6:
            kept.append(_within(one, start, end))
    if not any(one.main for one in kept):
        return None
    return in_order(replace(sight, happenings=tuple(kept)))


def frozen(sight: Sight, at: float) -> Sight | None:
    """One moment held: the main thing alone, doing nothing. None where it is not in the picture then."""
    there = [one for one in sight.happenings if one.main and one.seen[0] <= at <= one.seen[1]]
    if not there:
        return None
    held = replace(there[0], doing=None, heading=None, start=0.0, end=1.0, seen=(0.0, 1.0))
    return replace(sight, camera="frozen", happenings=(held,))


def _within(one: Happening, start: float, end: float) -> Happening:
    def share(moment: float) -> float:
        return min(1.0, max(0.0, (moment - start) / (end - start)))

    return replace(one, start=share(one.start), end=share(one.end), seen=(share(one.seen[0]), share(one.seen[1])))


def _turned(heading: str | None) -> str | None:
    return TURNED.get(heading or "", heading)
