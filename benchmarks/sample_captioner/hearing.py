"""Takes captions apart into what they claim: the inverse of `telling`, for reports. Anything else is not understood."""

from dataclasses import dataclass, field
from functools import cache

from benchmarks.sample_captioner.sight import Sight
from benchmarks.sample_captioner.telling import IT, name, names
from benchmarks.sample_captioner.vocabulary import CAMERAS, COLOURS, DOINGS, LIGHTS, NOUNS, PLACES, TEAMS


@dataclass(frozen=True, slots=True)
class Claim:
    """One happening: `it` is a noun too. What was not understood is None."""

    noun: str | None
    colour: str | None = None
    doing: str | None = None
    heading: str | None = None

    @property
    def moves(self) -> tuple[str | None, str | None]:
        return self.doing, self.heading


@dataclass(frozen=True, slots=True)
class Claims:
    place: str | None = None
    light: str | None = None
    camera: str | None = None
    happenings: tuple[Claim, ...] = ()
    links: tuple[str, ...] = field(default=())


def hear(caption: str) -> Claims:
    body, _, last = caption.strip().partition(". ")
    camera = next((move for move, words in CAMERAS.items() if words == last), None)
    pieces, links = _pieces(body[:1].lower() + body[1:])
    place, light, first = _where(pieces[0])
    return Claims(place, light, camera, tuple(_claim(piece) for piece in (first, *pieces[1:])), links)


def claims_of(sight: Sight) -> Claims:
    """What a true caption of `sight` claims. Lights that are not spoken are None."""
    happenings = tuple(
        Claim(IT, None, one.doing, one.heading) if called == IT else Claim(one.noun, one.colour, one.doing, one.heading)
        for called, one in zip(names(sight), sight.happenings, strict=True)
    )
    light = sight.light if LIGHTS[sight.light] else None
    return Claims(sight.place, light, sight.camera, happenings, tuple(sight.links()))


def _pieces(body: str) -> tuple[list[str], tuple[str, ...]]:
    pieces: list[str] = []
    links: list[str] = []
    rest = body
    while True:
        found = [(at, link) for link in ("then", "while") if (at := rest.find(f", {link} ")) >= 0]
        if not found:
            return [*pieces, rest], tuple(links)
        at, link = min(found)
        pieces.append(rest[:at])
        links.append(link)
        rest = rest[at + len(link) + 3 :]


def _where(piece: str) -> tuple[str | None, str | None, str]:
    light = next((key for key, words in LIGHTS.items() if words and piece.endswith(f" {words}")), None)
    piece = piece.removesuffix(f" {LIGHTS[light]}") if light else piece
    place = next((key for key, words in PLACES.items() if piece.endswith(f" {words}")), None)
    return place, light, piece.removesuffix(f" {PLACES[place]}") if place else piece


def _claim(piece: str) -> Claim:
    heading = next((way for way in ("left", "right") if piece.endswith(f" to the {way}")), None)
    piece = piece.removesuffix(f" to the {heading}")
    if piece in _names():
        return Claim(*_names()[piece], None, heading)
    for doing, words in DOINGS.items():
        thing = piece.removesuffix(f" {words}")
        if thing != piece and thing in _names():
            return Claim(*_names()[thing], doing, heading)
    return Claim(None)


@cache
def _names() -> dict[str, tuple[str, str | None]]:
    """Every way to name a thing, with the thing and its colour."""
    known: dict[str, tuple[str, str | None]] = {IT: (IT, None)}
    for noun, phrase in NOUNS.items():
        colours = (*COLOURS, *TEAMS) if "{c}" in phrase else (None,)
        known.update({name(noun, colour): (noun, colour) for colour in colours})
    return known
