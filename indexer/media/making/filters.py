"""The ffmpeg program's filters that show pictures as `frames_at` does: the same steps, and the same tone mapping by way
of a lookup table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from indexer.media.pictures.scaling import Orientation

_CUBE_POINTS = 65  # a side: 1 % of a picture is off by more than 2.2 of 255, with 33 by 6.9
_AS_LABELLED = "auto"
_SAME_SHAPE = 0.05  # nearer than this, rounding to even sides is all that differs
_EXACT = "flags=bicubic+full_chroma_int+accurate_rnd"
_AS_BT709 = "out_color_matrix=bt709:out_range=tv"
_TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


@dataclass(frozen=True, slots=True)
class Look:
    """What must be done to a stream's pictures to show them, told by its first ones."""

    size: tuple[int, int]  # (width, height) as displayed
    turns: str  # filters that show it upright; "" for none
    fields: bool  # some are interlaced
    matrix: str  # as the scale filter names it
    alpha: bool
    hdr: tuple[int, int] | None  # transfer and primaries as FFmpeg numbers them


def look_of(pictures: Sequence["VideoFrame"], pixel_shape: Fraction | None) -> Look:
    """Of a stream's first pictures, at least one. All but fields is taken to be as in the first."""
    from indexer.media.pictures.scaling import matrix_of, orientation_of, shown_size, uses_alpha
    from indexer.media.pictures.tone_mapping import tone_mapping

    picture = pictures[0]
    matrix = matrix_of(picture)
    hdr = (picture.color_trc, picture.color_primaries) if tone_mapping(picture) else None
    return Look(
        shown_size(picture, pixel_shape),
        _turns(orientation_of(picture)),
        any(one.interlaced_frame for one in pictures),
        _AS_LABELLED if matrix is None else {"ITU709": "bt709", "BT2020": "bt2020"}.get(matrix.name, "bt601"),
        hdr is None and uses_alpha(picture),
        hdr,
    )


def filters(look: Look, longest_side: int | None, *, folder: Path) -> str:
    """The chain, as ffmpeg's `vf` takes it: upright pictures of one size with even sides, in BT.709, whatever comes in.

    Those of another shape than the first lie in the middle of black. `folder` takes a table that the chain reads.
    """
    width, height = (max(2, side - side % 2) for side in _size(look, longest_side))
    steps = [look.turns]
    if look.fields:  # not always: where sizes change, it would cost the last frame before the change
        steps.insert(0, "bwdif=mode=send_frame:deint=interlaced")
    reading = f"in_color_matrix={look.matrix}:{_EXACT}"
    if look.alpha:
        steps.append(f"scale={reading},format=gbrap,premultiply=inplace=1")
    scaled = f"{_scaled_into(width, height)}:{reading}"
    if look.hdr is None:
        steps.append(f"{scaled}:{_AS_BT709}")
    else:
        steps += [scaled, "format=gbrp16", f"lut3d=file={_escaped(_cube(look.hdr, folder))}:interp=tetrahedral"]
        steps.append(f"scale={_AS_BT709}:{_EXACT}")
    steps += ["format=yuv420p", f"pad={width}:{height}:-1:-1:eval=frame"]
    steps += ["setsar=1", "sidedata=mode=delete", _TAGS]
    return ",".join(step for step in steps if step)


def _size(look: Look, longest_side: int | None) -> tuple[int, int]:
    from indexer.media.pictures.scaling import fitted

    return look.size if longest_side is None else fitted(look.size, longest_side)


def _cube(hdr: tuple[int, int], folder: Path) -> Path:
    from indexer.media.pictures.tone_mapping import prepared_mapping

    file = folder / "tone_mapping.cube"
    file.write_text(prepared_mapping(*hdr).cube(_CUBE_POINTS))
    return file


def _turns(orientation: "Orientation") -> str:
    steps = ["transpose=cclock_flip"] * orientation.transposed
    steps += ["hflip"] * orientation.mirrored + ["vflip"] * orientation.flipped
    return ",".join(steps)


def _scaled_into(width: int, height: int) -> str:
    """Each picture as large as fits, in even sides; `sar` is what its own pixels are stretched by."""
    same = f"lt(abs(iw*sar*{height}/(ih*{width})-1),{_SAME_SHAPE})"
    wide = f"if({same},{width},max(2,round(min({width},iw*sar*{height}/ih)/2)*2))"
    high = f"if({same},{height},max(2,round(min({height},ih*{width}/(iw*sar))/2)*2))"
    return f"scale=w='{wide}':h='{high}':eval=frame"


def _escaped(path: Path) -> str:
    """A file name as a filter's option inside a chain of filters: ffmpeg unwraps it twice."""
    option = re.sub(r"([\\':])", r"\\\1", str(path))
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
