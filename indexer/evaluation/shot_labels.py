"""Hand-checked or generated labels of where shots begin, read from JSON (`docs/json.md`, "Shot labels")."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from indexer.domain import path_text
from indexer.errors import UsageError


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit there is. Hard cuts have no length: `start_us == end_us`, the new shot's first frame; gradual ones run
    from the first affected frame to the first clean one. `kind` is the labeller's word: `cut`, `fade_black`."""

    start_us: int
    end_us: int
    kind: str

    @property
    def hard(self) -> bool:
        return self.start_us == self.end_us


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open stretch of a clip: one where nothing counts, or one that shows what is no edit (`kind`: `flash`)."""

    start_us: int
    end_us: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """Times are microseconds from the clip's first frame. Hard cuts come first among the `edits`."""

    name: str
    frame_period_us: int
    edits: tuple[Edit, ...]
    ignored: tuple[Stretch, ...] = ()
    distractors: tuple[Stretch, ...] = ()


def read_shot_labels(path: Path) -> tuple[LabelledClip, ...]:
    """The clips in the order of the file. Raises `UsageError` where it cannot be read or is not such a file."""
    try:
        written = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"the labels in {path_text(path)} cannot be read: {error.strerror}") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise UsageError(
            f"{path_text(path)} is not a file of shot labels ({error}); docs/json.md shows what one looks like"
        ) from None
    return tuple(_clip(name, clip) for name, clip in written.clips.items())


class _Cut(msgspec.Struct):
    time_us: int
    kind: str = "cut"


class _Range(msgspec.Struct):
    first_us: int
    end_us: int
    kind: str = ""

    def __post_init__(self) -> None:
        if self.end_us < self.first_us:
            raise ValueError(f"a stretch must run forward, not from {self.first_us} to {self.end_us} us")


class _Clip(msgspec.Struct):
    frame_period_us: Annotated[int, msgspec.Meta(gt=0)]
    cuts: list[_Cut]
    gradual: list[_Range] = []
    ignore: list[_Range] = []
    distractors: list[_Range] = []


class _File(msgspec.Struct):
    clips: dict[str, _Clip]


def _clip(name: str, clip: _Clip) -> LabelledClip:
    cuts = [Edit(cut.time_us, cut.time_us, cut.kind) for cut in clip.cuts]
    gradual = [Edit(edit.first_us, edit.end_us, edit.kind or "gradual") for edit in clip.gradual]
    return LabelledClip(
        name, clip.frame_period_us, (*cuts, *gradual), _stretches(clip.ignore), _stretches(clip.distractors)
    )


def _stretches(ranges: list[_Range]) -> tuple[Stretch, ...]:
    return tuple(Stretch(one.first_us, one.end_us, one.kind) for one in ranges)
