"""The sample library: eight films, the same each time they are drawn."""

from dataclasses import dataclass
from fractions import Fraction

from data.drawing.encode import Wrapping
from data.drawing.programme import Film, Shot

NTSC_FILM, NTSC, NTSC_DOUBLE = Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)
PORTRAIT = (360, 640)


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    film: Film
    wrapping: Wrapping


def sample_library() -> tuple[Sample, ...]:
    return (_harbour(), _station(), _cup_final(), _reef(), _city(), _warehouse(), _interview(), _snow())


def _harbour() -> Sample:
    boat: dict[str, str | int] = {"colour": "red", "heading": "right"}
    shots = (
        Shot("harbour", 7, {**boat, "light": "sunset", "camera": "pan right", "boat": "sailing boat", "order": "boat"}),
        Shot("sail", 5, {**boat, "light": "sunset", "camera": "static"}),
        Shot("lighthouse", 6.5, {"light": "dusk", "camera": "zoom in", "colour": "red"}, "dissolve"),
    )
    wrapping = Wrapping("Harbour at sunset", sound="sea", recorded_at="2024-06-21T20:48:00Z")
    return Sample("harbour-at-sunset.mp4", Film("harbour", shots, Fraction(25)), wrapping)


def _station() -> Sample:
    train: dict[str, str | int] = {"colour": "blue", "heading": "left"}
    arrival = {"event": "arrives", "camera": "static", "traveller": "woman", "traveller colour": "yellow"}
    departure = {"event": "departs", "camera": "pan left", "traveller": "man", "traveller colour": "red"}
    shots = (
        Shot("platform", 7.5, {**train, **arrival}),
        Shot("clock", 4, {"camera": "zoom in", "hour": 10}),
        Shot("platform", 6, {**train, **departure}),
        Shot("viaduct", 6.5, {**train, "light": "day", "camera": "pan left"}, "dissolve"),
    )
    wrapping = Wrapping("Central Station, trains and travellers", sound="station", start_timecode="01:00:00;00")
    return Sample("central-station.mov", Film("station", shots, NTSC), wrapping)


def _cup_final() -> Sample:
    teams: dict[str, str | int] = {"colour": "red", "other colour": "white", "light": "day"}
    shots = (
        Shot("match", 6, {**teams, "camera": "pan right", "heading": "right"}),
        Shot("goal", 5, {**teams, "camera": "static", "end": "goal"}),
        Shot("crowd", 4, {**teams, "camera": "zoom out", "order": "jump"}),
    )
    wrapping = Wrapping("Cup final, the winning goal", sound="stadium", recorded_at="2025-05-17T15:30:00Z")
    return Sample("cup-final.mp4", Film("cup final", shots, NTSC_DOUBLE), wrapping)


def _reef() -> Sample:
    shots = (
        Shot("reef", 7.5, {"camera": "pan left", "colour": "yellow", "heading": "left"}),
        Shot("anemone", 6, {"camera": "zoom in", "colour": "orange", "anemone colour": "pink"}),
        Shot("jellyfish", 6, {"camera": "tilt up", "colour": "purple", "count": 6}, "dissolve"),
    )
    return Sample(
        "coral-reef.webm", Film("reef", shots, NTSC_FILM), Wrapping("Life on the coral reef", sound="bubbles")
    )


def _city() -> Sample:
    crossing = {"vehicle": "car", "colour": "yellow", "heading": "right", "walker": "man", "walker colour": "red"}
    shots = (
        Shot("skyline", 5, {"light": "dusk", "camera": "tilt down", "show": "no fireworks"}),
        Shot("street", 8, {"light": "night", "camera": "static", **crossing}),
        Shot("skyline", 6.5, {"light": "night", "camera": "static", "show": "fireworks", "colour": "green"}, "fade"),
    )
    return Sample("city-by-night.mp4", Film("city", shots, None), Wrapping("City by night, filmed on a telephone"))


def _warehouse() -> Sample:
    truck: dict[str, str | int] = {"colour": "yellow", "box colour": "blue", "worker colour": "green"}
    shots = (
        Shot("forklift", 8, {**truck, "camera": "static", "order": "forklift"}),
        Shot("conveyor", 6, {"camera": "pan left", "colour": "brown", "worker": "woman", "worker colour": "yellow"}),
    )
    return Sample("warehouse-7.mkv", Film("warehouse", shots, Fraction(24)), Wrapping("Warehouse 7, goods in"))


def _interview() -> Sample:
    amara: dict[str, str | int] = {
        "speaker": "woman",
        "speaker colour": "green",
        "speaker hair": "black",
        "speaker skin": 3,
        "speaker glasses": "no",
        "name": "Amara Osei",
        "work": "marine biologist",
        "room": "study",
        "order": "caption",
    }
    shots = (
        Shot("interview", 8, {**amara, "camera": "static", "caption": "yes"}),
        Shot("reef", 5, {"camera": "static", "colour": "blue", "heading": "right"}, "dissolve"),
        Shot("interview", 6, {**amara, "camera": "zoom in", "caption": "no"}, "dissolve"),
    )
    wrapping = Wrapping(
        "Interview with Amara Osei, marine biologist", "voice", "10:14:30:00", recorded_at="2023-11-08T09:14:30Z"
    )
    return Sample("interview-amara-osei.mp4", Film("interview", shots, Fraction(25)), wrapping)


def _snow() -> Sample:
    shots = (
        Shot("snow road", 7, {"light": "overcast", "camera": "static", "colour": "red"}),
        Shot("snowman", 6, {"light": "day", "camera": "static", "thrower colour": "blue", "colour": "green"}),
        Shot("snow road", 5, {"light": "night", "camera": "tilt down", "colour": "red"}),
    )
    wrapping = Wrapping("Snow road, the plough comes through", rotation=90)
    return Sample("snow-road.mp4", Film("snow", shots, Fraction(30), PORTRAIT), wrapping)
