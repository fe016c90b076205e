"""Cross-validation: each of the training films is scored by a network that has seen no shot of it."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.shot_training.fitting import fit
from benchmarks.shot_training.footage import FILMS
from benchmarks.shot_training.lessons import read_all
from indexer.domain import Cut
from indexer.evaluation import Agreement, LabelledClip, compare, f1_interval, read_shot_labels, tally
from indexer.media import probe, read_frames
from indexer.segmentation.network import Network
from indexer.segmentation.standard import StandardDetector

_SAME_EDITS = {"cosmos_laundromat_hdr.mp4": "cosmos"}  # of a film that is trained on, though not this file


def validate(bench: Path, folder: Path, *, steps: int) -> None:
    """Fit one network for each film, without it, and print how they do on the bench's real clips. Clips of which the
    packaged network has seen nothing are scored by that."""
    clips = list(read_shot_labels(bench / "footage" / "labels.json"))
    films = {**FILMS, **_SAME_EDITS}
    unseen = _scored(bench, [clip for clip in clips if clip.name not in films], StandardDetector())
    _tell("clips never trained on", unseen)
    left_out: list[Agreement] = []
    for film in sorted(set(films.values())):
        weights = fit(read_all(folder, without=film), seed=0, steps=steps)
        detector = StandardDetector(Network(f"without {film}", (weights,)))
        found = _scored(bench, [clip for clip in clips if films.get(clip.name) == film], detector)
        _tell(f"without {film}", found)
        left_out += found
    _tell("films left out", left_out)
    _tell("all", [*unseen, *left_out])


def _scored(bench: Path, clips: Iterable[LabelledClip], detector: StandardDetector) -> list[Agreement]:
    return [compare(clip, _cuts(bench / "footage" / clip.name, detector)) for clip in clips]


def _cuts(path: Path, detector: StandardDetector) -> list[Cut]:
    return list(detector.detect(read_frames(path, size=detector.size, stream_index=probe(path).stream_index)))


def _tell(what: str, found: list[Agreement]) -> None:
    score, interval = tally(found).overall, f1_interval(found)
    print(
        f"{what}: F1 {score.f1:.3f} ({interval.low:.3f} to {interval.high:.3f}), found {score.found} of {score.total}, "
        f"false {score.false}",
        flush=True,
    )
