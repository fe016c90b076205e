"""From measured facts to a sentence and to facets. Pure: no pictures here.

What the facts leave out is left out; nothing is said in its place. The words are those people search by.
"""

from collections.abc import Sequence
from typing import Final

from indexer.captioning.measured.facts import Camera, Faces, Facts, Light, Movement, Shot
from indexer.domain import Facet

# A camera that travels looks to the numbers like one that turns, so both are offered.
_CAMERA: Final[dict[Camera, str]] = {
    "static": "Static camera",
    "pan left": "The camera pans or travels to the left",
    "pan right": "The camera pans or travels to the right",
    "tilt up": "The camera tilts or rises upwards",
    "tilt down": "The camera tilts or sinks downwards",
    "zoom in": "The camera zooms in or moves closer",
    "zoom out": "The camera zooms out or moves away",
}
_MOVEMENT: Final[dict[Movement, str]] = {
    "still": "nothing moves in the picture",
    "some": "something moves in the picture",
    "fast": "there is fast movement in the picture",
}
_BEFORE_A_MOVING_CAMERA: Final = "something moves before it"
_LIGHT: Final[dict[Light, str]] = {
    "black": "the picture is black",
    "mostly black": "the picture is mostly black",
    "dark": "a dark picture",
    "daylight-like": "bright, like daylight under a blue sky",
    "bright": "bright light",
    "warm low": "warm low light, as at sunset or by lamplight",
    "warm": "warm light",
    "cool": "cool bluish light",
    "high contrast": "high contrast",
    "low contrast": "low contrast, hazy",
}
_SHOT: Final[dict[Shot, str]] = {"close-up": "close-up", "medium": "medium shot", "wide": "wide shot"}
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six")
_LIGHT_FACETS: Final[dict[Light, tuple[str, ...]]] = {
    "black": ("black",),
    "mostly black": ("dark",),
    "dark": ("dark",),
    "daylight-like": ("bright", "daylight-like"),
    "bright": ("bright",),
    "warm low": ("warm",),
    "warm": ("warm",),
    "cool": ("cool",),
    "high contrast": ("high contrast",),
    "low contrast": ("low contrast",),
}


def write_caption(facts: Facts) -> str:
    """A few short sentences. Empty where nothing at all was measured."""
    said = [_faces(facts.faces), _camera(facts), _look(facts), _light(facts.appearance.light)]
    sentences = [_sentence(words) for words in said if words]
    if sentences and facts.seconds >= 0.05:
        sentences.append(f"{_duration(facts.seconds)}.")
    return " ".join(sentences)


def list_facets(facts: Facts) -> tuple[Facet, ...]:
    """The same facts as filters: camera, movement, shot, faces, light, colour, picture."""
    appearance = facts.appearance
    values = {
        "camera": (facts.motion.camera,),
        "movement": (facts.motion.movement,),
        "shot": (facts.faces.shot,),
        "faces": (_count_facet(facts.faces),),
        "light": tuple(dict.fromkeys(value for word in appearance.light for value in _LIGHT_FACETS[word])),
        "colour": appearance.colours,
        "picture": (appearance.tone,),
    }
    return tuple(Facet(name, value) for name, held in values.items() for value in held if value)


def _count_facet(faces: Faces) -> str | None:
    if faces.count >= 3:
        return "3+"
    return str(faces.count) if faces.count and faces.complete else None


def _faces(faces: Faces) -> str:
    if not faces.count:
        return ""
    noun = "face" if faces.count == 1 else "faces"
    number = _NUMBERS[faces.count] if faces.count < len(_NUMBERS) else str(faces.count)
    sure = faces.complete and faces.count < 3
    counted = f"{number} {noun}" if sure else f"at least {number} {noun}"
    return f"{_SHOT[faces.shot]} of {counted}" if faces.shot else counted


def _camera(facts: Facts) -> str:
    camera, movement = facts.motion.camera, facts.motion.movement
    if camera is None:
        return _MOVEMENT[movement] if movement else ""
    if movement is None:
        return _CAMERA[camera]
    moves = _MOVEMENT[movement] if camera == "static" else _BEFORE_A_MOVING_CAMERA
    return f"{_CAMERA[camera]}, {moves}"


def _look(facts: Facts) -> str:
    appearance = facts.appearance
    if appearance.tone:
        return f"{appearance.tone} picture"
    if not appearance.colours:
        return ""
    return f"the picture is mainly {_listed(appearance.colours)}"


def _light(words: Sequence[Light]) -> str:
    return "; ".join(_LIGHT[word] for word in words)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _duration(seconds: float) -> str:
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} seconds"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    spoken = f"{minutes} minute" + ("s" if minutes > 1 else "")
    return f"{spoken} {rest} seconds" if rest else spoken
