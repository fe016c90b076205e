"""A caption of what is seen: pure, and one way only, so that `hearing` can take it apart again."""

from benchmarks.sample_captioner.sight import Happening, Sight
from benchmarks.sample_captioner.vocabulary import CAMERAS, DOINGS, LIGHTS, NOUNS, PLACES

IT = "it"


def tell(sight: Sight) -> str:
    """For example: A red sailboat glides to the right in a port at sundown, then some seabirds wing their way to the
    right. The view swings right."""
    first, *others = (
        f"{thing}{_doing(happening)}" for thing, happening in zip(names(sight), sight.happenings, strict=True)
    )
    where = " ".join(filter(None, (PLACES[sight.place], LIGHTS[sight.light])))
    told = f"{first} {where}"
    for link, happening in zip(sight.links(), others, strict=True):
        told += f", {link} {happening}"
    return f"{told[0].upper()}{told[1:]}. {CAMERAS[sight.camera]}"


def names(sight: Sight) -> list[str]:
    """What each happening's thing is called: `it` where it was named before."""
    told: set[tuple[str, str | None]] = set()
    called = []
    for one in sight.happenings:
        called.append(IT if (one.noun, one.colour) in told else name(one.noun, one.colour))
        told.add((one.noun, one.colour))
    return called


def name(noun: str, colour: str | None) -> str:
    return NOUNS[noun].format(c=colour).replace("a orange", "an orange")


def _doing(happening: Happening) -> str:
    doing = f" {DOINGS[happening.doing]}" if happening.doing else ""
    return doing + (f" to the {happening.heading}" if happening.heading else "")
