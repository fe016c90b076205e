"""Which general vision-language model of the local hub cache `auto` takes. Looks at files only; never downloads."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from indexer.captioning.vision_language.catalogue.architectures import require_architecture
from indexer.captioning.vision_language.catalogue.finding import ModelSource, cached_snapshot, check_folder, read_config
from indexer.captioning.vision_language.limits import read_limits
from indexer.captioning.vision_language.room import Room, needed_bytes, room_of
from indexer.errors import ComponentError

FAMILIES: Final = (
    "qwen3_5", "qwen3_5_moe", "qwen3_vl", "qwen3_vl_moe", "internvl", "qwen2_5_vl", "glm4v", "gemma4", "lfm3_vl",
    "lfm2_vl", "perception_lm", "video_llama_3", "llava_onevision", "smolvlm", "qwen2_vl", "gemma3", "idefics3",
)  # fmt: skip
"""Families that describe any footage, the ones preferred first."""
LEAST_BYTES: Final = 400_000_000  # less is no general model, whatever its family: a test or a toy
_MOST_ON_PROCESSOR: Final = 12_000_000_000  # bytes to work in; larger models are too slow there to be of use


def best_installed(device: str = "auto") -> ModelSource | None:
    """The first family that is there, and of it the largest model that fits into the memory of `device`."""
    candidates = [source for source in installed_models() if _is_general(source) and _is_usable(source)]
    if not candidates:
        return None  # and torch was not imported to ask for memory
    from indexer.captioning.vision_language.devices import plan_of

    return choose_best(candidates, _fits_into(room_of(plan_of(device))))


def choose_best(candidates: Sequence[ModelSource], fits: Callable[[ModelSource], bool]) -> ModelSource | None:
    general = [source for source in candidates if _is_general(source) and fits(source)]
    return min(general, key=lambda source: (FAMILIES.index(source.family), -source.bytes, source.name), default=None)


def installed_models() -> list[ModelSource]:
    """Every complete model of the hub cache that has safetensors weights, of whatever kind."""
    from huggingface_hub import constants

    found = []
    for folder in sorted(Path(constants.HF_HUB_CACHE).glob("models--*--*")):
        name = "/".join(folder.name.split("--", 2)[1:])
        try:
            snapshot = cached_snapshot(name)
            if snapshot is not None:
                found.append(check_folder(snapshot, name=name, revision=snapshot.name))
        except (OSError, ComponentError):
            continue  # half downloaded or not a model of ours: not a candidate
    return found


def _is_general(source: ModelSource) -> bool:
    return source.family in FAMILIES and source.bytes >= LEAST_BYTES


def _is_usable(source: ModelSource) -> bool:
    """The libraries for it are installed, and it can be asked for a caption."""
    try:
        require_architecture(read_config(source.folder, source.name), name=source.name)
        read_limits(source.folder, name=source.name, family=source.family)
    except ComponentError:
        return False
    return True


def _fits_into(room: Room) -> Callable[[ModelSource], bool]:
    most = min(room.bytes, _MOST_ON_PROCESSOR) if room.number_bytes > 2 else room.bytes
    return lambda source: needed_bytes(source, number_bytes=room.number_bytes) <= most
