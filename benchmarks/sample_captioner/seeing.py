"""What there is to tell of a drawn clip, from the truth about it. Not all is told: nothing that is too small to see."""

from benchmarks.sample_captioner.drawing import ClipTruth, ThingSeen
from benchmarks.sample_captioner.sight import Happening, Sight, in_order

Span = tuple[float, float]


def see(truth: ClipTruth) -> Sight:
    """The whole clip, played forwards."""
    place = truth["place"] if truth["kind"] == "interview" else truth["kind"]
    return in_order(Sight(truth["kind"], place, truth["light"], truth["camera"], _HAPPENINGS[truth["kind"]](truth)))


def _when(truth: ClipTruth, words: str) -> Span:
    return next((start, end) for text, start, end in truth["actions"] if words in text)


def _happens(truth: ClipTruth, words: str) -> bool:
    return any(words in text for text, _, _ in truth["actions"])


def _thing(truth: ClipTruth, *names: str) -> ThingSeen:
    return next(thing for thing in truth["things"] if thing["name"] in names)


def _someone(truth: ClipTruth, doing: str, span: Span, *, main: bool = False) -> Happening:
    person = _thing(truth, "man", "woman", "child")
    return Happening(person["name"], person["colour"], doing, person["heading"], *span, main=main)


def _main(thing: ThingSeen, doing: str, span: Span = (0.0, 1.0), seen: Span = (0.0, 1.0)) -> Happening:
    heading = thing["heading"] if thing["heading"] in ("left", "right") else None
    return Happening(thing["name"], thing["colour"], doing, heading, *span, seen=seen, main=True)


def _harbour(truth: ClipTruth) -> tuple[Happening, ...]:
    crossing = _when(truth, "crosses")
    boat = _main(truth["things"][0], "crosses", crossing, (0.6 if crossing[0] else 0.0, 1.0))
    return boat, Happening("gulls", None, "fly", "right", *_when(truth, "gulls"))


def _sail(truth: ClipTruth) -> tuple[Happening, ...]:
    return _main(truth["things"][0], "rides"), Happening(
        truth["things"][0]["name"], truth["things"][0]["colour"], "leans", None, 0.5, 0.85
    )


def _lighthouse(truth: ClipTruth) -> tuple[Happening, ...]:
    colour = (truth["things"][0]["colour"] or "").split(" and ")[0]
    lamp, beam = _when(truth, "lamp"), _when(truth, "beam")
    stands = Happening("lighthouse", colour, "stands", main=True)
    return stands, Happening("lamp", None, "lights", None, *lamp), Happening("beam", None, "sweeps", None, *beam)


def _platform(truth: ClipTruth) -> tuple[Happening, ...]:
    comes = _happens(truth, "arrives")
    span = _when(truth, "arrives" if comes else "departs")
    train = _main(_thing(truth, "train"), "arrives" if comes else "departs", span, (0.3, 1.0) if comes else (0.0, 0.4))
    return train, _someone(truth, "walks", _when(truth, "walks"))


def _clock(truth: ClipTruth) -> tuple[Happening, ...]:
    return Happening("clock", None, "hangs", main=True), Happening(
        "pigeon", None, "flies", "right", *_when(truth, "pigeon")
    )


def _viaduct(truth: ClipTruth) -> tuple[Happening, ...]:
    return (_main(truth["things"][0], "runs"),)


def _match(truth: ClipTruth) -> tuple[Happening, ...]:
    teams = " and ".join(sorted(thing["colour"] or "" for thing in truth["things"][:2]))
    players = Happening("teams", teams, "run", truth["things"][0]["heading"], main=True)
    return players, Happening("ball", None, "high", None, *_when(truth, "ball is passed"))


def _goal(truth: ClipTruth) -> tuple[Happening, ...]:
    run, dive, joy = _when(truth, "runs up"), _when(truth, "goalkeeper"), _when(truth, "cheer")
    cheering = next(text for text, _, _ in truth["actions"] if "cheer" in text).split()[3]
    return (
        Happening("striker", truth["things"][0]["colour"], "run up", "right", *run, main=True),
        Happening("goalkeeper", None, "dives", "right", *dive),
        Happening("side", cheering, "cheer", None, *joy),
    )


def _crowd(truth: ClipTruth) -> tuple[Happening, ...]:
    jump, wave = _when(truth, "jump"), _when(truth, "wave of raised arms")
    return (
        Happening("supporters", truth["things"][0]["colour"], "jump", None, *jump, main=True),
        Happening("arms", None, "rolls", "right", *wave),
    )


def _reef(truth: ClipTruth) -> tuple[Happening, ...]:
    fish, turtle = _thing(truth, "fish"), _thing(truth, "turtle")
    return (
        _main(fish, "swim", _when(truth, "shoal"), (0.1, 0.5)),
        Happening("turtle", None, "swims", turtle["heading"], *_when(truth, "turtle")),
    )


def _anemone(truth: ClipTruth) -> tuple[Happening, ...]:
    fish, home = truth["things"]
    return (
        Happening("striped fish", (fish["colour"] or "").split(" and ")[0], "circle", main=True),
        Happening("sea anemone", home["colour"], "sways"),
        Happening("one fish", None, "hides", None, *_when(truth, "hides")),
    )


def _jellyfish(truth: ClipTruth) -> tuple[Happening, ...]:
    return (_main(truth["things"][0], "rise"),)


def _skyline(truth: ClipTruth) -> tuple[Happening, ...]:
    if _happens(truth, "clouds"):
        return Happening("towers", None, "stand", main=True), Happening("clouds", None, "drift")
    first, second = (thing for thing in truth["things"] if thing["name"] == "fireworks")
    return _main(first, "burst", (0.05, 0.5), (0.15, 0.5)), _main(second, "burst", (0.5, 1.0), (0.7, 0.95))


def _street(truth: ClipTruth) -> tuple[Happening, ...]:
    vehicle = _thing(truth, "car", "bus")
    stop, leave = _when(truth, "stops"), _when(truth, "drives on")
    return (
        _main(vehicle, "stops", stop, (0.3, 0.85)),
        _someone(truth, "crossing", _when(truth, "crosses")),
        _main(vehicle, "leaves", leave, (0.3, 0.85)),
    )


def _forklift(truth: ClipTruth) -> tuple[Happening, ...]:
    bring = _when(truth, "drives in")
    return (
        _main(_thing(truth, "forklift"), "drives in", bring, (bring[0] + 0.6 * (bring[1] - bring[0]), 1.0)),
        Happening("box", _thing(truth, "box")["colour"], "lifted", None, *_when(truth, "lifts")),
        _someone(truth, "walks", _when(truth, "walks")),
    )


def _conveyor(truth: ClipTruth) -> tuple[Happening, ...]:
    return _main(_thing(truth, "boxes"), "move"), _someone(truth, "takes", _when(truth, "takes one off"))


def _interview(truth: ClipTruth) -> tuple[Happening, ...]:
    talks = _someone(truth, "speaks", (0.0, 0.85), main=True)
    name = (
        [Happening("name", None, "slides in", None, *_when(truth, "a caption"))] if _happens(truth, "a caption") else []
    )
    return talks, *name, Happening("speaker", None, "nods", None, *_when(truth, "nods"))


def _snow_road(truth: ClipTruth) -> tuple[Happening, ...]:
    return (_main(truth["things"][0], "comes"),)


def _snowman(truth: ClipTruth) -> tuple[Happening, ...]:
    throw, hat, joy = _when(truth, "throws"), _when(truth, "hat"), _when(truth, "jumps")
    return (
        _someone(truth, "throws", throw, main=True),
        Happening("snowman", _thing(truth, "scarf")["colour"], "waits", None, throw[0], 1.0),
        Happening("hat", None, "blows off", None, *hat),
        Happening("youngster", None, "joy", None, *joy),
    )


_HAPPENINGS = {
    "harbour": _harbour,
    "sail": _sail,
    "lighthouse": _lighthouse,
    "platform": _platform,
    "clock": _clock,
    "viaduct": _viaduct,
    "match": _match,
    "goal": _goal,
    "crowd": _crowd,
    "reef": _reef,
    "anemone": _anemone,
    "jellyfish": _jellyfish,
    "skyline": _skyline,
    "street": _street,
    "forklift": _forklift,
    "conveyor": _conveyor,
    "interview": _interview,
    "snow road": _snow_road,
    "snowman": _snowman,
}
