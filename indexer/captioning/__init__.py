"""Captioners: what they are (`Captioner`), and which one a name stands for (`choose_captioner`)."""

from dataclasses import dataclass

from indexer.captioning.base import Captioner, Clip, FrameRequest
from indexer.captioning.naming import CaptionerName, server_of
from indexer.errors import ComponentError

__all__ = [
    "Captioner",
    "CaptionerChoice",
    "CaptionerName",
    "Clip",
    "FrameRequest",
    "choose_captioner",
    "make_captioner",
    "server_of",
]


@dataclass(frozen=True, slots=True)
class CaptionerChoice:
    """A captioner, and a line for people that says what was taken and, where it was not named, why."""

    captioner: Captioner
    note: str


def make_captioner(
    text: str, *, permitted: frozenset[str] = frozenset(), requests: int = 4, device: str = "auto"
) -> Captioner:
    """As `choose_captioner`, without the note."""
    return choose_captioner(text, permitted=permitted, requests=requests, device=device).captioner


def choose_captioner(
    text: str, *, permitted: frozenset[str] = frozenset(), requests: int = 4, device: str = "auto"
) -> CaptionerChoice:
    """The captioner of a `CaptionerName`. Raises `ComponentError` where it is not here or must not be used.

    `auto` takes the best general model of the local hub cache, else `measured`; nothing is ever downloaded. `permitted`
    are the servers off this machine (`scheme://host:port`) that footage may be sent to, `requests` how many are on
    their way to a server at once. `device` is what a model runs on: `auto`, `cpu`, `cuda`, `cuda:1`.
    """
    asked = CaptionerName.read(text)
    if asked.name == "measured":
        if asked.tokens_per_second is not None:
            raise ComponentError("`measured` is no model and spends no tokens; leave --tokens-per-second out")
        return _measured("")
    if asked.name == "auto":
        return _best_installed(asked, device)
    if asked.is_served:
        from indexer.captioning.served import open_served

        served = open_served(asked, permitted=permitted, at_once=requests)
        return CaptionerChoice(served, served.note)
    return _model(asked, device, "")


def _measured(why: str) -> CaptionerChoice:
    from indexer.captioning.measured import MeasuredCaptioner

    captioner = MeasuredCaptioner()
    return CaptionerChoice(captioner, why + captioner.note)


def _best_installed(asked: CaptionerName, device: str) -> CaptionerChoice:
    from indexer.captioning.vision_language.catalogue.installed import best_installed

    source = best_installed(device)
    if source is None:
        return _measured("no general model that fits is in the local hub cache, so ")
    return _model(
        CaptionerName(source.name, asked.tokens_per_second), device, "the best model in the local hub cache: "
    )


def _model(asked: CaptionerName, device: str, why: str) -> CaptionerChoice:
    from indexer.captioning.vision_language.captioner import open_captioner

    captioner = open_captioner(asked.name, tokens_per_second=asked.tokens_per_second, device=device)
    return CaptionerChoice(captioner, why + captioner.note)
