"""Captioners: what they are (`Captioner`), and which one a name stands for (`choose_captioner`)."""

from dataclasses import dataclass

from indexer.captioning.base import Captioner, Clip, FrameRequest

__all__ = [
    "Captioner",
    "CaptionerChoice",
    "Clip",
    "FrameRequest",
    "choose_captioner",
    "make_captioner",
]


@dataclass(frozen=True, slots=True)
class CaptionerChoice:
    """A captioner, and a line for people that says what was taken and, where it was not named, why."""

    captioner: Captioner
    note: str


def make_captioner(name: str) -> Captioner:
    """`measured`, `auto`, a hub name or a folder. Raises `ComponentError` where a named model is not here."""
    return choose_captioner(name).captioner


def choose_captioner(name: str) -> CaptionerChoice:
    """`auto` takes the best general model of the local hub cache, else `measured`; it never downloads one."""
    match name:
        case "measured":
            return _measured("")
        case "auto":
            return _best_installed()
        case _:
            from indexer.captioning.vlm import open_captioner

            captioner = open_captioner(name)
            return CaptionerChoice(captioner, captioner.note)


def _measured(why: str) -> CaptionerChoice:
    from indexer.captioning.measured import MeasuredCaptioner

    captioner = MeasuredCaptioner()
    return CaptionerChoice(captioner, why + captioner.note)


def _best_installed() -> CaptionerChoice:
    from indexer.captioning.installed_models import best_installed, installed_models, memory_budget

    # torch is asked for the memory only where there is a model to fit into it
    source = best_installed(memory_budget()) if installed_models() else None
    if source is None:
        return _measured("no general model that fits is in the local hub cache, so ")
    from indexer.captioning.vlm import open_captioner

    captioner = open_captioner(source.name)
    return CaptionerChoice(captioner, f"the best model in the local hub cache: {captioner.note}")
