"""What vision tokens are worth: what the sample captioner gets right of the sample films' shots at several budgets."""

import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sample_captioner.marking import marks, shares
from benchmarks.sample_captioner.samples import sample_shots
from benchmarks.sample_captioner.seeing import see
from indexer.captioning import Clip
from indexer.captioning.vision_language.captioner import TransformersCaptioner, open_captioner
from indexer.domain import VideoId, segment_of
from indexer.ingest import stages
from indexer.media import probe

BUDGETS = (4.0, 8.0, 12.0, 16.0, 20.0, 28.0)
MARKS = ("kind", "colour", "motion", "place", "camera", "second", "order", "everything")

Figures = dict[str, object]


def score_budgets(model: Path, films: Path, budgets: Sequence[float]) -> list[Figures]:
    rows: list[Figures] = []
    for budget in budgets:
        captioner = open_captioner(str(model), tokens_per_second=budget, device="cpu")
        captioner.ready()
        shots = [(see(truth), _clip(captioner, films / file, start, end)) for file, start, end, truth in sample_shots()]
        began = time.perf_counter()
        drafts = list(captioner.captions([clip for _, clip in shots]))
        seconds = (time.perf_counter() - began) / len(shots)
        right = shares(marks(sight, draft.text) for (sight, _), draft in zip(shots, drafts, strict=True))
        wants = captioner.wants
        rows.append(
            {
                "asked": budget,
                "tokens_per_second": captioner.frames.tokens_per_second,
                "frames_per_second": wants.per_second,
                "longest_side": wants.longest_side,
                "seconds_per_segment": seconds,
                "right": {name: share for name, (share, _) in right.items()},
            }
        )
    return rows


def table(rows: Sequence[Figures]) -> str:
    head = ("asked", "tokens/s", "frames/s", "side", "s a segment", *MARKS)
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        right = row["right"]
        assert isinstance(right, dict)
        cells = [
            f"{row['asked']:g}",
            f"{row['tokens_per_second']:.1f}",
            f"{row['frames_per_second']:g}",
            f"{row['longest_side']}",
            f"{row['seconds_per_segment']:.3f}",
            *(f"{right[name]:.2f}" if name in right else "" for name in MARKS),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _clip(captioner: TransformersCaptioner, file: Path, start: float, end: float) -> Clip:
    segment = segment_of(VideoId("v1"), round(start * 1e6), round(end * 1e6))
    source = stages.Source(file, probe(file).stream_index, "fast")
    return next(stages.clips(source, segments=[segment], wants=captioner.wants))
