"""Captioning footage on this machine: decoding alone, the model alone, and both as an ingest runs them."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.captioning.footage import clips_of
from indexer.captioning.vision_language.captioner import TransformersCaptioner, open_captioner
from indexer.ingest.ahead import ahead, in_bursts

FOOTAGE = ("bangkok_360p.mp4", "drtv_360p.mp4", "gola_360p.mp4", "news_fr_360p.mp4", "ukulele_360p60.mp4")

Figures = dict[str, object]


def measure_end_to_end(model: Path, files: Sequence[Path], *, runs: int) -> Figures:
    """Seconds are wall-clock; the ways take turns, so that all see the same machine."""
    captioner = open_captioner(str(model), device="cpu")
    captioner.ready()
    clips = list(clips_of(files, captioner.wants))
    ways: dict[str, Callable[[], object]] = {
        "decode": lambda: sum(1 for _ in clips_of(files, captioner.wants)),
        "model": lambda: sum(1 for _ in captioner.captions(clips)),
        "both": lambda: _ingested(captioner, files),
    }
    seconds = {name: float("inf") for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name] = min(seconds[name], time.perf_counter() - began)
    shown = sum(clip.span.duration_us for clip in clips) / 1e6
    return {
        "model": model.name,
        "note": captioner.note,
        "footage": [file.name for file in files],
        "segments": len(clips),
        "frames": sum(len(clip.frames) for clip in clips),
        "seconds": seconds,
        "segments_per_second": len(clips) / seconds["both"],
        "times_real_time": shown / seconds["both"],
        "both_by_sum": seconds["both"] / (seconds["decode"] + seconds["model"]),
    }


def table(figures: Figures) -> str:
    seconds = figures["seconds"]
    assert isinstance(seconds, dict)
    rows = [
        ("segments of ten seconds", f"{figures['segments']}"),
        *((f"{name}, s", f"{spent:.2f}") for name, spent in seconds.items()),
        ("segments a second", f"{figures['segments_per_second']:.2f}"),
        ("times real time", f"{figures['times_real_time']:.1f}"),
        ("both by the sum of each alone (at most 1.15)", f"{figures['both_by_sum']:.2f}"),
    ]
    return "\n".join(f"{name:<48}{value:>12}" for name, value in rows)


def _ingested(captioner: TransformersCaptioner, files: Sequence[Path]) -> int:
    """As an ingest does: clips are decoded ahead in one thread, drafts come in bursts from another."""
    decoded = clips_of(files, captioner.wants)
    with (
        closing(ahead(decoded, captioner.window)) as waiting,
        closing(in_bursts(captioner.captions(waiting), 32)) as bursts,
    ):
        return sum(len(burst) for burst in bursts)
