"""How models are told to people and to programs."""

from collections.abc import Iterator, Sequence
from typing import Final

from indexer.captioning.vision_language.catalogue.listing import ListedModel
from indexer.captioning.vision_language.room import gpu_memory_gb
from indexer.cli.json_lines import Json
from indexer.cli.printing import printable

_ROW: Final = "{:<22}{:>9}{:>12}  {:<22}{:<9}{}"


def model_lines(listed: Sequence[ListedModel]) -> Iterator[str]:
    """Two a model: what it costs, then what it is."""
    yield _row("name", "weights", "GPU memory", "speed on an H100", "", "")
    for model in listed:
        known, here = model.known, model.here
        state = "here" if here else "half downloaded" if model.problem else ""
        if known:
            speed = "" if known.speed is None else f"{known.speed:.0f}x at {known.tokens_per_second:.0f} tokens/s"
            memory = f"{gpu_memory_gb(known):.1f} GB"
            yield _row(known.short, f"{known.weights_gb:.1f} GB", memory, speed, known.basis, state)
            yield f"  {known.hub}, {known.licence}"
        elif here:
            yield _row(printable(here.name), f"{here.bytes / 1e9:.1f} GB", "", "", "", state)


def _row(*cells: str) -> str:
    return _ROW.format(*cells).rstrip()


def model_line(model: ListedModel) -> Json:
    known, here = model.known, model.here
    return {
        "name": known.short if known else None,
        "hub": model.hub,
        "licence": known.licence if known else None,
        "parameters": round(known.parameters * 1e9) if known else None,
        "gpu_memory_bytes": round(gpu_memory_gb(known) * 1e9) if known else None,
        "speed": known.speed if known else None,
        "tokens_per_second": known.tokens_per_second if known else None,
        "basis": known.basis if known else None,
        "here": here is not None,
        "revision": here.revision if here else None,
        "bytes": here.bytes if here else None,
        "problem": model.problem,
        "auto": model.is_auto,
    }
