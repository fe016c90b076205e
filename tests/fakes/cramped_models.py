"""A loaded model with little memory, or one that fails: for what happens then."""

import threading
from dataclasses import dataclass, field

from indexer.captioning.vision_language.loaded import Length, LoadedModel, Style, Tensors, Written


@dataclass(frozen=True)
class CrampedModel(LoadedModel):
    """Runs out of memory with more than `most` clips; keeps the sizes of the batches that it was given."""

    most: int = 1
    given: list[int] = field(default_factory=list)

    def write(
        self, batch: Tensors, length: Length, *, style: Style = "plain", unwanted: threading.Event | None = None
    ) -> Written:
        rows = batch["input_ids"].shape[0]
        self.given.append(rows)
        if rows > self.most:
            raise MemoryError
        return super().write(batch, length, style=style, unwanted=unwanted)


@dataclass(frozen=True)
class BrokenModel(LoadedModel):
    def write(
        self, batch: Tensors, length: Length, *, style: Style = "plain", unwanted: threading.Event | None = None
    ) -> Written:
        raise RuntimeError("the network is broken")
