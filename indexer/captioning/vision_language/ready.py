"""A model that is loaded and knows how it is asked: what all streams of one captioner share."""

import os
import threading
from dataclasses import dataclass

from indexer.captioning.vision_language.catalogue.finding import ModelSource
from indexer.captioning.vision_language.families import Batching, batching_of
from indexer.captioning.vision_language.inputs import Asking, Preparer
from indexer.captioning.vision_language.loaded import Length, LoadedModel, Style, Tensors, load_model
from indexer.captioning.vision_language.memory import MOST_TOKENS, MOST_TOKENS_ON_CPU, BatchLimit, Measures
from indexer.captioning.vision_language.remembered import Circumstances, recall, remember
from indexer.captioning.vision_language.room import room_of
from indexer.errors import ComponentError


@dataclass(frozen=True)
class Ready:
    source: ModelSource
    model: LoadedModel
    preparer: Preparer
    batching: Batching
    length: Length
    limit: BatchLimit
    circumstances: Circumstances
    workers: int  # threads that prepare

    def write(self, batch: Tensors, *, style: Style, unwanted: threading.Event | None = None) -> list[list[int]]:
        """The new tokens of each clip. Raises `MemoryError`; the limit learns from it, and it is remembered."""
        tokens = self._tokens_of(batch)
        try:
            written = self.model.write(batch, self.length, style=style, unwanted=unwanted)
        except MemoryError:
            remember(self.circumstances, batch_tokens=self.limit.halve(tokens))
            raise
        self.limit.learn(tokens=tokens, taken=written.taken, free=written.free)
        return written.rows

    def too_large(self) -> ComponentError:
        return ComponentError(
            f"{self.source.name!r} needs more memory than is free {self.model.plan.describe()}; choose a smaller one, "
            "fewer --tokens-per-second, or another device"
        )

    def _tokens_of(self, batch: Tensors) -> int:
        prompt = batch.get("input_ids")
        rows, longest = (next(iter(batch.values())).shape[0], 0) if prompt is None else prompt.shape
        return int(rows * (longest + self.length.tokens))


def make_ready(source: ModelSource, asking: Asking, *, length: Length, device: str) -> Ready:
    """Load the model. Raises `ComponentError` where it cannot be, or does not fit."""
    model = load_model(source, device)
    plan = model.plan
    circumstances = Circumstances(
        f"{source.name}@{source.revision}", "cpu" if plan.device == "cpu" else plan.name, plan.type_name
    )
    free, is_cpu = room_of(plan).bytes, plan.device == "cpu"
    most = MOST_TOKENS_ON_CPU if is_cpu else MOST_TOKENS
    known = recall(circumstances).batch_tokens
    estimated = BatchLimit.estimated(_measures(model), free=free // 2 if is_cpu else free, most=most)
    limit = BatchLimit(known, most=most) if known else estimated
    preparer = Preparer(model, asking)
    return Ready(source, model, preparer, batching_of(source.family), length, limit, circumstances, _workers())


def _workers() -> int:
    """Half of the processors: the others decode."""
    return max(1, min(8, (os.cpu_count() or 2) // 2))


def _measures(model: LoadedModel) -> Measures:
    whole = model.network.config
    text, vision = getattr(whole, "text_config", whole), getattr(whole, "vision_config", whole)
    width, heads = _number(text, "hidden_size", 2048), _number(text, "num_attention_heads", 16)
    head = _number(text, "head_dim", width // heads)
    merged = _number(vision, "spatial_merge_size", 2) ** 2
    return Measures(
        layers=_number(text, "num_hidden_layers", 24),
        kv_width=_number(text, "num_key_value_heads", heads) * head,
        width=width,
        inner_width=_number(text, "intermediate_size", 4 * width),
        vision_width=merged * _number(vision, "hidden_size", 1024),
        bytes=model.plan.dtype.itemsize,
    )


def _number(place: object, name: str, otherwise: int) -> int:
    found = getattr(place, name, None)
    return found if isinstance(found, int) and found > 0 else otherwise
