"""How fast a model captions here, measured with a made-up segment, so that the time a library takes can be told."""

import resource
import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from indexer.captioning.base import Clip, FrameRequest
from indexer.captioning.vision_language.batching import collate
from indexer.captioning.vision_language.captioner import TransformersCaptioner
from indexer.captioning.vision_language.inputs import Prepared
from indexer.captioning.vision_language.loaded import Length
from indexer.captioning.vision_language.ready import Ready
from indexer.captioning.vision_language.remembered import Circumstances, recall, remember
from indexer.domain import Frame
from indexer.timecode import TimeRange

SEGMENT_S: Final = 10
WRITTEN: Final = 80  # tokens of a usual caption
_AT_ONCE: Final = 64
_QUICK_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Speed:
    """Of segments of ten seconds of 16:9 footage with captions of 80 tokens. Decoding the footage is not in it."""

    seconds_per_segment: float
    vision_tokens: int  # of one segment
    prompt_tokens: int  # of one segment, vision tokens included
    clips_at_once: int
    peak_bytes: int  # of the GPU's memory, else of this process's, weights included
    running: str  # device, precision, attention

    @property
    def hours_per_hour(self) -> float:
        """Hours that an hour of footage takes."""
        return self.seconds_per_segment / SEGMENT_S

    @property
    def times_real_time(self) -> float:
        return SEGMENT_S / self.seconds_per_segment


def measure_speed(captioner: TransformersCaptioner) -> Speed:
    """Loads the model where it is not. Raises `ComponentError` where it cannot be, or does not fit.

    Takes about as long as two segments, or two batches where a batch is quick.
    """
    ready = captioner.ready()
    clip = made_up_clip(captioner.wants)
    preparing, prepared = _timed_preparing(ready, clip)
    _write(replace(ready, length=Length(2, exactly=True)), [prepared])  # whatever is set up at the first use
    ready = replace(ready, length=Length(WRITTEN, exactly=True))
    clips = 1
    seconds = _write(ready, [prepared])
    if seconds < _QUICK_S:
        most = 1 if captioner.batching == "alone" else max(1, ready.limit.tokens // (prepared.tokens + WRITTEN))
        clips, seconds = _write_together(ready, prepared, clips=min(_AT_ONCE, most))
    found = max(seconds / clips, preparing / ready.workers)
    remember(_circumstances(captioner, ready), seconds_per_segment=found)
    return Speed(found, prepared.vision_tokens, prepared.tokens, clips, _peak_bytes(ready), ready.model.describe())


def foretell(captioner: TransformersCaptioner) -> str:
    """For people, before a model begins: how long it will take here, as it was measured before, else measured now.
    Raises `ComponentError` as `measure_speed`."""
    ready = captioner.ready()
    seconds = recall(_circumstances(captioner, ready)).seconds_per_segment
    if seconds is None:
        seconds = measure_speed(captioner).seconds_per_segment
    hours = seconds / SEGMENT_S
    pace = f"{hours:.2g} hours" if hours >= 1 else f"{max(60 * hours, 0.1):.2g} minutes"
    return f"about {seconds:.2g} s a segment of {SEGMENT_S} s, {pace} an hour of footage, {ready.model.describe()}"


def made_up_clip(wants: FrameRequest, *, seconds: int = SEGMENT_S) -> Clip:
    """A segment of 16:9 noise with as many frames as a real one would have."""
    count = min(max(round(seconds * wants.per_second), wants.at_least), wants.at_most)
    shape = (max(1, round(wants.longest_side * 9 / 16)), wants.longest_side, 3)
    random = np.random.default_rng(1)
    step = seconds * 1_000_000 // count
    frames = [Frame(step * at + step // 2, step, random.integers(0, 256, shape, dtype=np.uint8)) for at in range(count)]
    return Clip(TimeRange(0, seconds * 1_000_000), tuple(frames))


def _circumstances(captioner: TransformersCaptioner, ready: Ready) -> Circumstances:
    """Speed turns on the budget of vision tokens, memory does not."""
    budget = f"{captioner.frames.tokens_per_second:g} tokens/s"
    return replace(ready.circumstances, model=f"{ready.circumstances.model} at {budget}")


def _timed_preparing(ready: Ready, clip: Clip) -> tuple[float, Prepared]:
    ready.preparer.prepare(clip)
    began = time.perf_counter()
    prepared = ready.preparer.prepare(clip)
    return time.perf_counter() - began, prepared


def _write_together(ready: Ready, prepared: Prepared, *, clips: int) -> tuple[int, float]:
    """Clips and seconds of the largest batch of at most `clips` that fits."""
    while clips > 1:
        try:
            return clips, _write(ready, [prepared] * clips)
        except MemoryError:
            clips //= 2
    return 1, _write(ready, [prepared])


def _write(ready: Ready, clips: list[Prepared]) -> float:
    """Seconds."""
    batch = collate(clips, pad_id=ready.model.pad_id)
    began = time.perf_counter()
    try:
        ready.write(batch, style="plain")
    except MemoryError:
        if len(clips) == 1:
            raise ready.too_large() from None
        raise
    return time.perf_counter() - began


def _peak_bytes(ready: Ready) -> int:
    device = ready.model.plan.device
    if device == "cpu":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    import torch

    return int(torch.cuda.max_memory_allocated(device))
