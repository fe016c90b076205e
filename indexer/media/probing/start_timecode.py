"""The source timecode of a file's first picture, from wherever the file states one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from indexer.errors import UsageError
from indexer.media.probing.coded_timecodes import StatedTimecode, coded_timecodes
from indexer.media.probing.dv import dv_timecode
from indexer.media.probing.first_pictures import FirstPictures
from indexer.media.probing.quicktime import timecode_lead_s
from indexer.media.reading.tag_values import first_value
from indexer.timecode import MICROSECONDS, StartTimecode, can_drop_frames, smpte_from_frames

_TIMECODE = re.compile(r"([01]\d|2[0-3])[:;]([0-5]\d)[:;]([0-5]\d)([:;.,])(\d{1,3})")
_TAGGED = {
    "avi": "AVI header",
    "dv": "DV subcode",
    "gxf": "GXF header",
    "matroska": "Matroska tag",
    "mxf": "MXF material package",
}
_ROUNDING = Fraction(1, 100)  # of a frame: time stamps and edit lists are rounded to their clocks
_CAMERA_METADATA = "Timed Metadata"  # what Sony calls the track of its real-time metadata


@dataclass(frozen=True, slots=True)
class ChosenTimecode:
    """The timecode taken, where it stands, and what is wrong with it or with others."""

    timecode: StartTimecode | None
    source: str | None
    warnings: tuple[str, ...]


def start_timecode(
    container: InputContainer, stream: VideoStream, *, first: FirstPictures, rate: Fraction | None, path: Path
) -> ChosenTimecode:
    """The first picture's timecode. What the container states goes before what stands among the pictures."""
    track_frames = _frames_of_track(stream, first=first, rate=rate, path=path) if _has_track(container) else 0
    stated = [*_tagged(container, stream, track_frames), *coded_timecodes(first.pictures, first.packets, rate)]
    if stream.codec_context.name == "dvvideo" and first.packets and (text := dv_timecode(first.packets[0])):
        stated.append(StatedTimecode(text, "DV subcode"))
    return chosen_timecode(stated, rate)


def chosen_timecode(stated: Iterable[StatedTimecode], rate: Fraction | None) -> ChosenTimecode:
    """The first that is a timecode at this rate, moved on to our first picture. Says which are none, and which of the
    others disagree."""
    taken: tuple[StartTimecode, str] | None = None
    warnings: list[str] = []
    for one in stated:
        try:
            timecode, warning = _read(one, rate)
        except UsageError as error:
            warnings.append(f"the start timecode of its {one.source} was not used: {error}")
            continue
        if taken is None:
            taken = timecode, one.source
            warnings += [warning] if warning else []
        elif timecode != taken[0]:
            used = f"{taken[0].text} ({taken[1]}) was used"
            warnings.append(f"its start timecodes disagree: {used}, {timecode.text} ({one.source}) was not")
    warnings = list(dict.fromkeys(warnings))
    return ChosenTimecode(taken[0] if taken else None, taken[1] if taken else None, tuple(warnings))


def _tagged(container: InputContainer, stream: VideoStream, track_frames: int) -> Iterator[StatedTimecode]:
    """Those that the container states, the chosen stream's first. `track_frames` go by from a timecode track's start
    to our first picture."""
    names = container.format.name.split(",")
    tracks = [one for one in container.streams if one.type == "data"]
    places: list[Stream | InputContainer] = [stream, container, *tracks]
    for place in places:
        if text := first_value("timecode", [place.metadata]):
            track = next((one for one in tracks if first_value("timecode", [one.metadata]) == text), None)
            if "mov" in names and track is not None:
                yield StatedTimecode(text, _track_name(track), track_frames)
            elif "mxf" in names and place is stream:
                yield StatedTimecode(text, "MXF source package")
            else:
                yield StatedTimecode(text, next((_TAGGED[name] for name in names if name in _TAGGED), "metadata tag"))


def _has_track(container: InputContainer) -> bool:
    return bool(container.streams.data) and "mov" in container.format.name.split(",")


def _frames_of_track(stream: VideoStream, *, first: FirstPictures, rate: Fraction | None, path: Path) -> int:
    """How many frames of a timecode track go by before our first picture.

    Pictures that begin as late as their reordering needs begin with the track: writers without edit lists leave it so.
    """
    if rate is None:
        return 0
    begins_s = Fraction(first.start_us, MICROSECONDS)
    if begins_s * rate <= stream.codec_context.reorder_depth + _ROUNDING:
        begins_s = Fraction(0)
    exact = (begins_s + timecode_lead_s(path, stream.id)) * rate + _ROUNDING
    return exact.numerator // exact.denominator


def _read(stated: StatedTimecode, rate: Fraction | None) -> tuple[StartTimecode, str | None]:
    """The timecode of our first picture, and what is odd about it. Raises `UsageError` for what is none."""
    match = _TIMECODE.fullmatch(stated.text)
    if match is None:
        raise UsageError(f"{stated.text!r} is not a timecode")
    hours, minutes, seconds, separator, frames = match.groups()
    drop_frame = separator != ":"
    warning = None
    if drop_frame and rate is not None and not can_drop_frames(rate):
        drop_frame = False
        without = f"{float(rate):.5g} frames a second have none: it was read without"
        warning = f"its start timecode {stated.text} is marked as drop-frame, but {without}"
    timecode = StartTimecode(f"{hours}:{minutes}:{seconds}{';' if drop_frame else ':'}{frames:0>2}")
    if rate is None:
        return timecode, warning
    count = timecode.frames(rate) + stated.frames_before
    return StartTimecode(smpte_from_frames(count, rate, drop_frame=drop_frame)), warning


def _track_name(track: Stream) -> str:
    return "camera metadata track" if _CAMERA_METADATA in track.metadata.get("handler_name", "") else "tmcd track"
