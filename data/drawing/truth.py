"""What is true of a film, as JSON: its cuts, its shots and what happens in them."""

from bisect import bisect_left
from typing import TypedDict

from data.drawing.encode import Wrapping
from data.drawing.programme import Film
from data.drawing.scenes.scene import Scene


class CutTruth(TypedDict):
    start_us: int
    end_us: int
    kind: str


class ThingTruth(TypedDict):
    name: str
    colour: str | None
    motion: str
    heading: str | None
    count: int


class ActionTruth(TypedDict):
    text: str
    start_us: int
    end_us: int


class ShotTruth(TypedDict):
    start_us: int
    end_us: int
    description: str
    kind: str
    place: str
    camera: str
    light: str
    things: list[ThingTruth]
    actions: list[ActionTruth]


class FilmTruth(TypedDict):
    title: str
    rate: str | None
    start_timecode: str | None
    rotation: int
    has_sound: bool
    recorded_at: str | None
    frames: int
    duration_us: int
    cuts: list[CutTruth]
    shots: list[ShotTruth]


def film_truth(film: Film, wrapping: Wrapping, times: tuple[int, ...]) -> FilmTruth:
    """`times` as `encode.stored_times` gives them; every time in the truth is one of them.

    Raises ValueError where the file has not as many frames as the film.
    """
    if len(times) != film.frames + 1:
        raise ValueError(f"the film has {film.frames} frames, its file {len(times) - 1}")
    starts = [0, *(middle for _, middle, _ in film.joins), film.frames]
    return FilmTruth(
        title=wrapping.title,
        rate=None if film.rate is None else str(film.rate),
        start_timecode=wrapping.start_timecode,
        rotation=wrapping.rotation,
        has_sound=wrapping.sound is not None,
        recorded_at=wrapping.recorded_at,
        frames=film.frames,
        duration_us=times[-1],
        cuts=[
            CutTruth(start_us=times[first], end_us=times[clean], kind=shot.join)
            for (first, _, clean), shot in zip(film.joins, film.shots[1:], strict=True)
        ],
        shots=[
            _shot_truth(scene, (times[starts[index]], times[starts[index + 1]]), span, times)
            for index, (scene, span) in enumerate(zip(film.scenes, film.spans, strict=True))
        ],
    )


def _shot_truth(scene: Scene, bounds: tuple[int, int], span: tuple[int, int], times: tuple[int, ...]) -> ShotTruth:
    seen_from, seen_to = times[span[0]], times[span[1]]

    def moment(share: float) -> int:
        """The first frame at or after that share of the time in which the scene is seen."""
        return times[bisect_left(times, seen_from + int(share * (seen_to - seen_from)))]

    return ShotTruth(
        start_us=bounds[0],
        end_us=bounds[1],
        description=scene.description,
        kind=scene.kind,
        place=scene.place,
        camera=scene.camera.name,
        light=scene.light,
        things=[
            ThingTruth(
                name=thing.name, colour=thing.colour, motion=thing.motion, heading=thing.heading, count=thing.count
            )
            for thing in scene.things
        ],
        actions=[
            ActionTruth(text=action.text, start_us=moment(action.start), end_us=moment(action.end))
            for action in scene.actions
        ],
    )
