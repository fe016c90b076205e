"""What `shotlist models check` does: one real segment through a model, and what the model costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer import media
from indexer.bootstrap import media_limits
from indexer.captioning import Clip, FrameRequest
from indexer.captioning.vision_language.captioner import open_captioner
from indexer.captioning.vision_language.speed import SEGMENT_S, Speed, measure_speed
from indexer.cli.json_lines import Json
from indexer.cli.printing import printable
from indexer.cli.session import talk
from indexer.domain import CaptionDraft, VideoId, segment_of
from indexer.errors import ComponentError
from indexer.ingest.stages import Source, clips
from indexer.settings import Settings
from indexer.timecode import short_duration

_SAMPLE: Final = "harbour-at-sunset.mp4"
_SAMPLE_END_US: Final = 7_000_000  # its first shot


@dataclass(frozen=True, slots=True)
class CheckedModel:
    recipe: str
    frames: int  # that it was shown of the sample
    draft: CaptionDraft
    batching: str
    tokens_per_second: float
    speed: Speed


def check_model(name: str, *, tokens_per_second: float | None, settings: Settings) -> CheckedModel:
    """Raises `ComponentError` where the model is not here, cannot be loaded, or does not fit."""
    if name in ("measured", "auto") or name.startswith("openai:"):
        raise ComponentError(f"{name!r} is not the name of a model; see: shotlist models list")
    media.use_limits(media_limits(settings))
    captioner = open_captioner(name, tokens_per_second=tokens_per_second, device=settings.device)
    clip = _sample_clip(captioner.wants)
    talk(f"Loading {printable(captioner.note)} ...")
    captioner.ready()
    (draft,) = captioner.captions([clip])
    talk("Measuring its speed ...")
    speed = measure_speed(captioner)
    return CheckedModel(
        captioner.recipe, len(clip.frames), draft, captioner.batching, captioner.frames.tokens_per_second, speed
    )


def check_line(checked: CheckedModel) -> Json:
    speed, draft = checked.speed, checked.draft
    return {
        "recipe": checked.recipe,
        "sample": {"file": _SAMPLE, "start_us": 0, "end_us": _SAMPLE_END_US, "frames": checked.frames},
        "text": draft.text,
        "problem": draft.problem,
        "running": speed.running,
        "batching": checked.batching,
        "peak_bytes": speed.peak_bytes,
        "seconds_per_segment": speed.seconds_per_segment,
        "segment_us": SEGMENT_S * 1_000_000,
        "clips_at_once": speed.clips_at_once,
        "vision_tokens": speed.vision_tokens,
        "prompt_tokens": speed.prompt_tokens,
        "tokens_per_second": checked.tokens_per_second,
        "times_real_time": speed.times_real_time,
    }


def checked_lines(checked: CheckedModel) -> Iterator[str]:
    speed, draft = checked.speed, checked.draft
    yield f"recipe    {printable(checked.recipe)}"
    yield f"sample    {_SAMPLE}, its first {_SAMPLE_END_US // 1_000_000} seconds: {checked.frames} frames"
    yield f"caption   {printable(draft.text) if draft.text else f'none: {draft.problem}'}"
    yield f"runs      {speed.running}"
    yield f"batches   {_BATCHING[checked.batching]}; {speed.clips_at_once} at once when measured"
    yield f"memory    {speed.peak_bytes / 1e9:.2f} GB at most, weights included"
    yield f"tokens    {speed.vision_tokens} of pictures, {speed.prompt_tokens} in all, for {SEGMENT_S} seconds of video"
    yield f"speed     {speed.seconds_per_segment:.3g} s a segment of {SEGMENT_S} seconds: {_pace(speed)}"
    yield f"an hour   of footage at this budget: {3600 // SEGMENT_S} segments, {_an_hour(checked)}"


_BATCHING: Final = {
    "any": "segments of any lengths together",
    "alike": "segments of like shape and length together",
    "alone": "one segment at a time",
}


def _pace(speed: Speed) -> str:
    return f"{speed.times_real_time:.3g} times real time, without decoding (measured)"


def _an_hour(checked: CheckedModel) -> str:
    tokens = round(checked.speed.vision_tokens * 3600 / SEGMENT_S)
    return f"{tokens:,} vision tokens, {short_duration(round(checked.speed.hours_per_hour * 3_600_000_000))}"


def _sample_clip(wants: FrameRequest) -> Clip:
    path = _samples() / _SAMPLE
    info = media.probe(path)
    segment = segment_of(VideoId("sample"), 0, _SAMPLE_END_US)
    (clip,) = clips(Source(path, info.stream_index, "fast"), segments=[segment], wants=wants)
    return clip


def _samples() -> Path:
    """Inside the installed package, or beside it where Shotlist runs from its repository."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_data", package.parent / "data"):
        if (folder / "samples" / _SAMPLE).is_file():
            return folder / "samples"
    raise ComponentError("the sample footage that comes with Shotlist is missing; install it again")
