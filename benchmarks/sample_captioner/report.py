"""What the captioner gets right: on unseen clips, on combinations kept out of training, and on the sample films."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import av
import cv2
import numpy as np

from benchmarks.sample_captioner.asking import Captioner
from benchmarks.sample_captioner.drawing import TALL, WIDE, ClipTruth
from benchmarks.sample_captioner.kept_out import colour_is_kept_out, is_kept_out, motion_is_kept_out
from benchmarks.sample_captioner.lessons import (
    Clips,
    Lesson,
    Pixels,
    Take,
    frames_for,
    frozen_take,
    lesson,
    reversed_take,
    whole_take,
)
from benchmarks.sample_captioner.marking import claims_motion, marks, shares
from benchmarks.sample_captioner.samples import sample_shots
from benchmarks.sample_captioner.seeing import see
from benchmarks.sample_captioner.sight import can_reverse

CLIPS = 1000


@dataclass(frozen=True, slots=True)
class Figures:
    """`sets` by name: of each mark the share right and of how many; `frozen`: share of frozen clips said to move."""

    sets: dict[str, dict[str, tuple[float, int]]]
    by_kind: dict[str, dict[str, tuple[float, int]]]
    frozen: float
    samples: list[dict[str, object]]

    def write(self, path: Path) -> None:
        given = {"sets": self.sets, "by_kind": self.by_kind, "frozen": self.frozen, "samples": self.samples}
        path.write_text(json.dumps(given, indent=1) + "\n", encoding="utf-8")

    def table(self) -> str:
        names = ["kind", "colour", "motion", "place", "light", "camera", "second", "order", "everything"]
        lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
        for title, given in self.sets.items():
            cells = [f"{given[name][0]:.3f}" if name in given else "" for name in names]
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
        right = sum(all(bool(shot[name]) for name in ("kind", "place", "motion")) for shot in self.samples)
        return "\n".join(
            [
                *lines,
                f"frozen clips said to move: {self.frozen:.3f}",
                f"sample films, subject, place and motion right: {right} of {len(self.samples)} shots",
            ]
        )


def report(folder: Path, unseen: Clips, films: Path) -> Figures:
    """`unseen`: clips that training has not drawn; `films`: the folder of the sample films."""
    captioner = Captioner(folder)
    whole = [(clip, whole_take(truth)) for clip, (_, truth) in enumerate(unseen.truths)]
    known = [one for one in whole if not is_kept_out(one[1].sight)][:CLIPS]
    sets = {
        "combinations seen in training": known,
        "kept-out combinations": [one for one in whole if is_kept_out(one[1].sight)][:CLIPS],
        "kept-out colours": [one for one in whole if colour_is_kept_out(one[1].sight)][:CLIPS],
        "kept-out motions": [one for one in whole if motion_is_kept_out(one[1].sight)][:CLIPS],
        "played backwards": list(islice(_backwards(unseen, whole), CLIPS)),
    }
    marked = {name: _marked(captioner, unseen, takes) for name, takes in sets.items()}
    held = [(clip, take) for clip, take in _frozen(unseen, CLIPS // 2) if not colour_is_kept_out(take.sight)]
    said = captioner.captions([lesson(unseen, *one) for one in held])
    kinds = Counter(take.sight.kind for _, take in known)
    return Figures(
        sets={name: shares(mark for _, mark in given) for name, given in marked.items()},
        by_kind={
            kind: shares(mark for of, mark in marked["combinations seen in training"] if of == kind) for kind in kinds
        },
        frozen=sum(map(claims_motion, said)) / len(said),
        samples=_samples(captioner, films),
    )


def _marked(captioner: Captioner, clips: Clips, takes: list[tuple[int, Take]]) -> list[tuple[str, dict[str, bool]]]:
    said = captioner.captions([lesson(clips, *one) for one in takes])
    return [(take.sight.kind, marks(take.sight, caption)) for (_, take), caption in zip(takes, said, strict=True)]


def _backwards(clips: Clips, whole: list[tuple[int, Take]]) -> Iterator[tuple[int, Take]]:
    for clip, take in whole:
        if can_reverse(take.sight):
            turned = reversed_take(take, clips.truths[clip][1]["seconds"])
            if not is_kept_out(turned.sight):
                yield clip, turned


def _frozen(clips: Clips, count: int) -> Iterator[tuple[int, Take]]:
    stream = Random("frozen")
    for clip in range(count):
        truth = clips.truths[clip][1]
        take = frozen_take(truth, whole_take(truth), stream)
        if take is not None:
            yield clip, take


def _samples(captioner: Captioner, films: Path) -> list[dict[str, object]]:
    shots = list(sample_shots())
    lessons = [_film_lesson(films / file, start, end, truth) for file, start, end, truth in shots]
    given: list[dict[str, object]] = []
    for (file, start, _, _), shown, caption in zip(shots, lessons, captioner.captions(lessons), strict=True):
        given.append({"file": file, "start": round(start, 2), "caption": caption, **marks(shown.sight, caption)})
    return given


def _film_lesson(path: Path, start: float, end: float, truth: ClipTruth) -> Lesson:
    """Frames of a shot as a decoder gives them, averaged down; a film stored lying is turned upright."""
    count = frames_for(end - start)
    moments = [(index + 0.5) / count * (end - start) for index in range(count)]
    frames = np.stack([_small(frame, tall=truth["tall"]) for frame in _decoded(path, [start + t for t in moments])])
    return Lesson(frames, tuple(moments), see(truth), np.zeros((count, 3), np.float32))


def _decoded(path: Path, moments: list[float]) -> Iterator[Pixels]:
    """The frame shown at each moment (s from the first frame)."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    starts = [(frame.time or 0.0) - (frames[0].time or 0.0) for frame in frames]
    for moment in moments:
        shown = max(0, bisect_right(starts, moment) - 1)
        yield np.asarray(frames[shown].to_ndarray(format="rgb24"), dtype=np.uint8)


def _small(frame: Pixels, *, tall: bool) -> Pixels:
    upright = np.rot90(frame, -1) if tall and frame.shape[0] < frame.shape[1] else frame
    return np.asarray(cv2.resize(np.ascontiguousarray(upright), TALL if tall else WIDE, interpolation=cv2.INTER_AREA))
