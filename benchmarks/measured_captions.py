"""How often is what the `measured` captioner says true, and how often does it say what could be said?

    python -m benchmarks.measured_captions FOOTAGE [--half improving|final] [--json FILE]

FOOTAGE is the folder of the bench's clips, `../shared/bench/footage`. Each labelled segment of `measured_labels.json`
is captioned from the frames that an ingest gives it; every word said is held against what a person saw. Prints for each
half of the labels a table of words: said, right, precision and recall, with Wilson intervals of 95 %, and what it took
a segment. Labels that leave a thing open (`unclear`) count neither way. Contrast and colours are numbers by definition
and were not labelled.
"""

import argparse
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from indexer import media
from indexer.captioning import Clip
from indexer.captioning.measured import MeasuredCaptioner
from indexer.domain import CaptionDraft, VideoId, segment_of
from indexer.ingest import stages

LABELS = Path(__file__).parents[1] / "tests" / "integration" / "measured_labels.json"
Half = Literal["improving", "final"]
_FACES = {"1": "one face", "2": "two faces", "3+": "three or more faces"}


@dataclass(frozen=True)
class Label:
    """What a person saw in a segment. Texts name what may be said: see the file's own `about`."""

    clip: str
    start_us: int
    end_us: int
    half: Half
    camera: str
    movement: str
    faces: tuple[int, int]  # the least and the most that may be counted
    shot: str
    light: str
    place: str
    warmth: str
    picture: str


@dataclass(frozen=True)
class Judged:
    """One word of one segment. `right` is None where it was said and the label leaves it open."""

    word: str
    said: bool
    right: bool | None
    hoped_for: bool  # a person would have said it


@dataclass(frozen=True)
class Row:
    """One word over a half of the labels."""

    word: str
    said: int  # where the label decides
    right: int
    precision: float | None  # None where it was never said
    precision_low: float
    precision_high: float
    hoped_for: int
    recall: float | None
    recall_low: float
    recall_high: float


def read_labels(half: Half | None = None) -> list[Label]:
    """In the order of the file: a clip's segments lie together, in order of time."""
    entries: list[dict[str, Any]] = json.loads(LABELS.read_text())["segments"]
    labels = [Label(**{**entry, "faces": tuple(entry["faces"])}) for entry in entries]
    return [label for label in labels if half in (None, label.half)]


def read_clips(footage: Path, labels: Sequence[Label]) -> Iterator[Clip]:
    """The labelled segments with the frames that an ingest gives the captioner."""
    wants = MeasuredCaptioner().wants
    for name, some in groupby(labels, key=lambda label: label.clip):
        path = footage / name
        reading: Literal["careful", "fast"] = "careful" if path.suffix == ".mpg" else "fast"
        source = stages.Source(path, media.probe(path).stream_index, reading)
        segments = [segment_of(VideoId(name), label.start_us, label.end_us) for label in some]
        yield from stages.clips(source, segments=segments, wants=wants)


def judge(label: Label, draft: CaptionDraft) -> list[Judged]:
    """Every word that was said of the segment or should have been."""
    said = defaultdict(list)
    for facet in draft.facets:
        said[facet.name].append(facet.value)
    text = draft.text.lower()
    found = [
        *_judge("camera", said["camera"], label.camera),
        *_judge("movement", said["movement"], _moves(label.movement)),
        *_judge("shot", said["shot"], label.shot),
        *_judge("light", [word for word in said["light"] if word in ("dark", "bright")], label.light),
        *_judge("light", [word for word in said["light"] if word in ("warm", "cool")], label.warmth),
        *_judge("place", said["place"], label.place),
        *_judge("picture", said["picture"], label.picture),
        *_judge_faces(said["faces"], label.faces),
    ]
    if "daylight" in text:
        right = None if label.place == "unclear" else label.place == "day"
        found.append(Judged("light: like daylight", True, right, hoped_for=False))
    if " face" in text:
        found.append(Judged("faces: any", True, label.faces[1] > 0, label.faces[0] > 0))
    elif label.faces[0] > 0:
        found.append(Judged("faces: any", False, None, hoped_for=True))
    return found


def tabulate(judged: Sequence[Judged]) -> list[Row]:
    by_word = defaultdict(list)
    for one in judged:
        by_word[one.word].append(one)
    return [_row(word, by_word[word]) for word in sorted(by_word)]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval of 95 % of a share (Wilson, 1927)."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _judge(name: str, said: Sequence[str], label: str) -> Iterator[Judged]:
    allowed = [value.rstrip("?") for value in label.split("/")]
    hoped = label.split("/")[0]
    hoped = "" if hoped.endswith("?") or hoped in ("unclear", "none", "neither", "colour") else hoped
    for word in dict.fromkeys([*said, *([hoped] if hoped else [])]):
        right = None if label == "unclear" or word not in said else word in allowed
        yield Judged(f"{name}: {word}", word in said, right, word == hoped)


def _moves(label: str) -> str:
    """Where there is fast movement, something moves."""
    return f"{label}/some" if "fast" in label else label


def _judge_faces(said: Sequence[str], seen: tuple[int, int]) -> Iterator[Judged]:
    least, most = seen
    hoped = ("1", "2", "3+")[min(least, 3) - 1] if least == most and least else ""
    for value in dict.fromkeys([*said, *([hoped] if hoped else [])]):
        number = int(value.rstrip("+"))
        right = most >= 3 if value == "3+" else least <= number <= most
        yield Judged(f"faces: {_FACES[value]}", value in said, right if value in said else None, value == hoped)


def _row(word: str, judged: Sequence[Judged]) -> Row:
    decided = [one for one in judged if one.said and one.right is not None]
    right = sum(bool(one.right) for one in decided)
    hoped = [one for one in judged if one.hoped_for]
    told = sum(one.said for one in hoped)
    return Row(
        word,
        len(decided),
        right,
        right / len(decided) if decided else None,
        *wilson(right, len(decided)),
        len(hoped),
        told / len(hoped) if hoped else None,
        *wilson(told, len(hoped)),
    )


def _print(half: str, rows: Sequence[Row], *, segments: int, seconds: float) -> None:
    print(f"\n{half}: {segments} segments, {1000 * seconds / segments:.0f} ms of processor a segment, without decoding")
    print(f"{'word':28}{'said':>6}{'right':>6}  {'precision':22}{'hoped for':>9}  recall")
    for row in rows:
        precision = _share(row.precision, row.precision_low, row.precision_high)
        recall = _share(row.recall, row.recall_low, row.recall_high)
        print(f"{row.word:28}{row.said:6}{row.right:6}  {precision:22}{row.hoped_for:9}  {recall}")


def _share(share: float | None, low: float, high: float) -> str:
    return "-" if share is None else f"{share:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("footage", type=Path)
    parser.add_argument("--half", choices=("improving", "final"))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    written: dict[str, object] = {}
    halves: tuple[Half, ...] = (asked.half,) if asked.half else ("improving", "final")
    for half in halves:
        labels = read_labels(half)
        captioner, judged, seconds = MeasuredCaptioner(), [], 0.0
        for label, clip in zip(labels, read_clips(asked.footage, labels), strict=True):
            began = time.process_time()
            (draft,) = captioner.captions([clip])
            seconds += time.process_time() - began
            judged += judge(label, draft)
        rows = tabulate(judged)
        _print(half, rows, segments=len(labels), seconds=seconds)
        ms = 1000 * seconds / len(labels)
        written[half] = {"segments": len(labels), "ms_a_segment": ms, "words": [asdict(row) for row in rows]}
    if asked.json:
        asked.json.write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
