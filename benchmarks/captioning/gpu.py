"""One shape on one device: whole way, decoding alone, the model alone, and how well prefill uses the arithmetic."""

import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.captioning.arithmetic import FLOORS, Tower, peak_of, prefill_operations
from benchmarks.captioning.footage import clips_of, length_of
from benchmarks.captioning.shapes import write_shape
from indexer.captioning import Clip
from indexer.captioning.prompts import Prompt
from indexer.captioning.vision_language.batching import collate
from indexer.captioning.vision_language.captioner import TransformersCaptioner
from indexer.captioning.vision_language.catalogue.finding import find_model
from indexer.captioning.vision_language.generating import Stream
from indexer.captioning.vision_language.loaded import Length, LoadedModel, Style, Tensors, Written
from indexer.captioning.vision_language.ready import Ready
from indexer.ingest.ahead import ahead

NEW_TOKENS = 80
PROMPT = Prompt("short", "Describe this shot in one dense paragraph: who, what, where, camera, light, text.", "-")
_IN_MEMORY = 256  # clips that are kept for the model alone

Figures = dict[str, object]


@dataclass(frozen=True)
class TimedModel(LoadedModel):
    """Keeps how long it was at work."""

    seconds: list[float] = field(default_factory=list)

    def write(
        self, batch: Tensors, length: Length, *, style: Style = "plain", unwanted: threading.Event | None = None
    ) -> Written:
        began = time.perf_counter()
        try:
            return super().write(batch, length, style=style, unwanted=unwanted)
        finally:
            self.seconds.append(time.perf_counter() - began)


def measure_shape(name: str, footage: Path, *, tokens_per_second: float, device: str = "auto") -> Figures:
    """`footage`: at least ten seconds. Times are wall-clock of one run each; loading is not in them."""
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as folder:
        source = find_model(str(write_shape(name, Path(folder) / name)))
        captioner = TransformersCaptioner(source, PROMPT, tokens_per_second=tokens_per_second, device=device)
        ready = captioner.ready()
    model = TimedModel(ready.model.network, ready.model.processor, ready.model.plan, ready.model.pad_id)
    ready = replace(ready, model=model, length=Length(NEW_TOKENS, exactly=True))

    began = time.perf_counter()
    kept = [clip for _, clip in zip(range(_IN_MEMORY), clips_of([footage], captioner.wants), strict=False)]
    decoding = (time.perf_counter() - began) / len(kept)
    _run(ready, captioner, kept[:4])  # whatever is set up at the first use, and the limit of a batch
    alone, _ = _run(ready, captioner, kept)
    whole, idle = _run(ready, captioner, ahead(clips_of([footage], captioner.wants), captioner.window))
    segments = max(1, int(length_of(footage) // 10))
    return {
        "shape": f"{name}, random weights",
        "device": model.plan.name,
        "running": model.describe(),
        "vision_tokens_per_second": captioner.frames.tokens_per_second,
        "segments": segments,
        "times_real_time": 10 * segments / whole,
        "times_real_time_model_alone": 10 * len(kept) / alone,
        "times_real_time_decoding_alone": 10 / decoding,
        "idle_share": idle,
        "batch_tokens": ready.limit.tokens,
        **_prefill(ready, kept),
        "floor": FLOORS.get(name),
    }


def table(rows: Iterable[Figures]) -> str:
    head = ("shape", "tokens/s", "x real time", "model alone", "decoding", "idle", "MFU of prefill", "floor at 40/60 %")
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        floor, mfu = row["floor"], row["prefill_mfu"]
        cells = (
            row["shape"],
            f"{row['vision_tokens_per_second']:.0f}",
            f"{row['times_real_time']:.1f}",
            f"{row['times_real_time_model_alone']:.1f}",
            f"{row['times_real_time_decoding_alone']:.1f}",
            f"{row['idle_share']:.0%}",
            f"{mfu:.0%}" if isinstance(mfu, float) else "peak not known",
            f"{floor[1]}x at {floor[0]}/s" if isinstance(floor, tuple) else "",
        )
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _run(ready: Ready, captioner: TransformersCaptioner, clips: Iterable[Clip]) -> tuple[float, float]:
    """Seconds, and the share of them in which the model was not at work."""
    assert isinstance(ready.model, TimedModel)
    ready.model.seconds.clear()
    began = time.perf_counter()
    for _ in Stream(ready, window=captioner.window).drafts(clips):
        pass
    passed = time.perf_counter() - began
    return passed, max(0.0, 1 - sum(ready.model.seconds) / passed)


def _prefill(ready: Ready, clips: list[Clip]) -> Figures:
    """Of one batch: all that is needed for the first new token."""
    prepared = [ready.preparer.prepare(clip) for clip in clips[:1]]
    count = max(1, min(64, ready.limit.tokens // (prepared[0].tokens + NEW_TOKENS)))
    batch = collate(prepared * count, pad_id=ready.model.pad_id)
    seconds = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        ready.model.write(batch, Length(1, exactly=True))
        seconds = min(seconds, time.perf_counter() - began)
    vision, text, patches, together = _towers(ready, prepared[0].tensors)
    operations = count * prefill_operations(
        vision, text, patches=patches, patches_together=together, prompt=prepared[0].tokens
    )
    peak = peak_of(ready.model.plan.name)
    return {
        "prompt_tokens": prepared[0].tokens,
        "clips_at_once": count,
        "prefill_s": seconds,
        "prefill_tflops": operations / seconds / 1e12,
        "prefill_mfu": operations / seconds / peak if peak else None,
    }


def _towers(ready: Ready, tensors: Tensors) -> tuple[Tower, Tower, float, float]:
    """Both stacks; patches of a clip, and how many of them look at each other."""
    config = ready.model.network.config
    see, tell = getattr(config, "vision_config"), getattr(config, "text_config")  # noqa: B009  # of either family
    head = getattr(tell, "head_dim", None) or tell.hidden_size // tell.num_attention_heads
    text = Tower(
        tell.num_hidden_layers,
        tell.hidden_size,
        tell.intermediate_size,
        gated=True,
        kv_share=tell.num_key_value_heads / tell.num_attention_heads,
        query_share=head * tell.num_attention_heads / tell.hidden_size,
    )
    layers = getattr(see, "depth", None) or see.num_hidden_layers
    vision = Tower(layers, see.hidden_size, see.intermediate_size, gated=False)
    if "video_grid_thw" in tensors:
        times, down, across = (int(number) for number in tensors["video_grid_thw"][0])
        return vision, text, times * down * across, down * across
    frames, each = tensors["pixel_values"].shape[1], (see.image_size // see.patch_size) ** 2
    return vision, text, frames * each, each
