"""How detectors do on labelled clips, and what they cost beside decoding alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer import media
from indexer.domain import MediaInfo, Recipe
from indexer.evaluation import Agreement, LabelledClip, compare
from indexer.ingest.pass_messages import Passed, Scanned
from indexer.ingest.scanning import scan


@dataclass(frozen=True, slots=True)
class ReadyClip:
    """A labelled clip whose file is there."""

    labels: LabelledClip
    path: Path
    info: MediaInfo
    decode_s: float  # processor seconds in which ffmpeg decodes it to nothing


@dataclass(frozen=True, slots=True)
class ClipTrial:
    agreement: Agreement
    cpu_s: float  # processor seconds of decoding and detecting, in one run
    decode_s: float


@dataclass(frozen=True, slots=True)
class DetectorTrial:
    detector: str
    recipe: Recipe
    clips: tuple[ClipTrial, ...]

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        return tuple(one.agreement for one in self.clips)

    @property
    def cpu_ratio(self) -> float:
        """Of all clips together; 0 without any."""
        decode_s = sum(one.decode_s for one in self.clips)
        return sum(one.cpu_s for one in self.clips) / decode_s if decode_s else 0.0


def make_ready(labels: LabelledClip, path: Path) -> ReadyClip:
    """Look into the clip's file and measure what it costs at the least. Raises as `media.probe` and
    `media.decoding_cost_s`."""
    info = media.probe(path)
    return ReadyClip(labels, path, info, media.decoding_cost_s(path, stream_index=info.stream_index))


def try_clip(detector: str, clip: ReadyClip) -> Iterator[Passed | ClipTrial]:
    """Run a detector over a clip: yields how far it is and, last, how it did. Raises as `scan`."""
    for step in scan(clip.path, clip.info, detector=detector):
        if isinstance(step, Scanned):
            yield ClipTrial(compare(clip.labels, step.plan.cuts), step.cpu_s, clip.decode_s)
        else:
            yield step
