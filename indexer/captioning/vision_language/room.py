"""Whether there is room for a model in the memory of what it is to run on, asked before any of it is loaded."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.captioning.vision_language.catalogue.architectures import quantised_by
from indexer.captioning.vision_language.catalogue.finding import ModelSource, read_config
from indexer.captioning.vision_language.catalogue.known import KnownModel
from indexer.captioning.vision_language.catalogue.weights import count_parameters
from indexer.errors import ComponentError

if TYPE_CHECKING:
    from indexer.captioning.vision_language.devices import Plan

_WORK: Final = 700_000_000  # bytes that one clip on its way through a large model takes at most


@dataclass(frozen=True, slots=True)
class Room:
    """Memory that is free for a model."""

    bytes: int
    place: str  # for people
    number_bytes: int  # that one parameter takes there


def room_of(plan: "Plan") -> Room:
    """The memory that is free, now, where a model would run."""
    import torch

    if plan.device == "cpu":
        return Room(_free_memory(), "this machine", plan.dtype.itemsize)
    free, _total = torch.cuda.mem_get_info(plan.device)
    return Room(int(free), plan.name, plan.dtype.itemsize)


def needed_bytes(source: ModelSource, *, number_bytes: int) -> int:
    """For its weights in numbers of so many bytes, and for one clip at work."""
    packed = quantised_by(read_config(source.folder, source.name)) is not None
    return _with_work(source.bytes if packed else count_parameters(source.folder) * number_bytes)


def require_room(source: ModelSource, room: Room) -> None:
    """Raise `ComponentError`, with the figures, where the model does not fit."""
    needed = needed_bytes(source, number_bytes=room.number_bytes)
    if needed > room.bytes:
        raise ComponentError(
            f"the model {source.name!r} needs about {needed / 1e9:.1f} GB of memory, and {room.place} has "
            f"{room.bytes / 1e9:.1f} GB free; choose a smaller one (shotlist models list), or end what else runs there"
        )


def gpu_memory_gb(model: KnownModel) -> float:
    """That a known model needs at the least."""
    return _with_work(int(model.weights_gb * 1e9)) / 1e9


def _with_work(weights: int) -> int:
    """A tenth more for what loading and the allocator take. SmolVLM2 2.2B comes to 5.7 GB so; its makers state 5.2."""
    return int(weights * 1.1) + min(weights, _WORK)


def _free_memory() -> int:
    """What programs can still take on this machine, within the limit that a container sets."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    meminfo, limit = Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max")
    if meminfo.is_file():
        lines = dict(line.split(":", 1) for line in meminfo.read_text(encoding="utf-8").splitlines() if ":" in line)
        free = int(lines["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in lines else free
    if limit.is_file() and (stated := limit.read_text(encoding="utf-8").strip()).isdigit():
        free = min(free, int(stated))
    return free
