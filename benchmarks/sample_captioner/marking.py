"""Marks captions against what is true: shares right, each over the clips where there is something to be right about."""

from collections.abc import Iterable, Iterator

from benchmarks.sample_captioner.hearing import Claim, Claims, claims_of, hear
from benchmarks.sample_captioner.sight import Sight
from benchmarks.sample_captioner.telling import IT

STILL = frozenset(("stands", "stand", "hangs", "waits", None))


def marks(sight: Sight, caption: str) -> dict[str, bool]:
    """What is right and wrong. Kind: the main thing is named; second: the next thing with its colour and motion;
    order: the first two events told to follow each other are both told, in that order, whoever they are told of."""
    true, said = claims_of(sight), hear(caption)
    main = true.happenings[[one.main for one in sight.happenings].index(True)]
    found = next((claim for claim in said.happenings if claim.noun == main.noun), Claim(None))
    given = {
        "kind": found.noun is not None,
        "place": said.place == true.place,
        "camera": said.camera == true.camera,
        "everything": said == true,
    }
    if main.colour:
        given["colour"] = found.colour == main.colour
    if true.light:
        given["light"] = said.light == true.light
    if not sight.is_frozen:
        given["motion"] = found.noun is not None and found.moves == main.moves
    second = next((claim for claim in true.happenings if claim.noun not in (main.noun, IT)), None)
    if second:
        given["second"] = second in said.happenings
    if "then" in true.links:
        given["order"] = _ordered(true, said)
    return given


def claims_motion(caption: str) -> bool:
    """Whether anything moves according to the caption, or it is not understood."""
    said = hear(caption)
    return said.camera != "frozen" or any(claim.doing not in STILL or claim.heading for claim in said.happenings)


def shares(marked: Iterable[dict[str, bool]]) -> dict[str, tuple[float, int]]:
    """Of each mark: the share right, and of how many clips."""
    counted: dict[str, list[bool]] = {}
    for mark in marked:
        for name, right in mark.items():
            counted.setdefault(name, []).append(right)
    return {name: (sum(rights) / len(rights), len(rights)) for name, rights in sorted(counted.items())}


def _ordered(true: Claims, said: Claims) -> bool:
    at = true.links.index("then")
    places = [_place(claim, said.happenings) for claim in true.happenings[at : at + 2]]
    return all(place >= 0 for place in places) and places[0] < places[1]


def _place(claim: Claim, among: tuple[Claim, ...]) -> int:
    """By what is done; of fireworks, by the colour."""
    return next(_matching(claim, among), -1)


def _matching(claim: Claim, among: tuple[Claim, ...]) -> Iterator[int]:
    return (
        index
        for index, one in enumerate(among)
        if one.doing == claim.doing and (claim.doing != "burst" or one.colour == claim.colour)
    )
