"""What FFmpeg does not tell of a QuickTime or MP4 file: where in its timecode track the film begins.

The value of a timecode track is that of its first sample. An edit list may begin the track later, as trimming does, or
delay it: QuickTime File Format Specification, "Edit list atom", "Timecode media".
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from indexer.media.finding.sniff import unreadable

_LARGEST_INDEX = 64 << 20  # bytes; the index of hours of footage is a few
_MOST_BOXES = 10_000  # in one place


def timecode_lead_s(path: Path, video_track: int) -> Fraction:
    """How many seconds of the timecode track have gone by when the film's clock stands at zero; negative where the
    track begins later, 0 where there is none. `video_track` is the id of the track whose timecode is wanted.

    Raises `MediaRefused`: missing or unreadable.
    """
    index = _read_index(path)
    timescale = _number(_first(index, b"mvhd"), 12, 20)
    tracks = [_track(body) for kind, body in _boxes(index) if kind == b"trak"]
    wanted = next((one.timecode_track for one in tracks if one.id == video_track), None)
    coded = [one for one in tracks if one.is_timecode]
    named = [one for one in coded if one.id == wanted]
    return (named or coded)[0].lead_s(timescale) if coded else Fraction(0)


@dataclass(frozen=True, slots=True)
class _Track:
    id: int
    is_timecode: bool
    timecode_track: int | None  # the one that holds this one's timecode
    timescale: int  # ticks a second
    edits: tuple[tuple[int, int], ...]  # (length in the film's ticks, start in the track's ticks; -1: nothing is shown)

    def lead_s(self, movie_timescale: int) -> Fraction:
        delay = 0
        for length, start in self.edits:
            if start >= 0:
                return Fraction(start, self.timescale or 1) - Fraction(delay, movie_timescale or 1)
            delay += length
        return Fraction(0)


def _track(body: memoryview) -> _Track:
    media = _first(body, b"mdia")
    reference = _first(_first(body, b"tref"), b"tmcd")
    return _Track(
        id=_number(_first(body, b"tkhd"), 12, 20),
        is_timecode=bytes(_first(media, b"hdlr")[8:12]) == b"tmcd",
        timecode_track=int.from_bytes(reference[:4], "big") if len(reference) >= 4 else None,
        timescale=_number(_first(media, b"mdhd"), 12, 20),
        edits=tuple(_edits(_first(_first(body, b"edts"), b"elst"))),
    )


def _edits(body: memoryview) -> Iterator[tuple[int, int]]:
    if len(body) < 8:
        return
    entry = struct.Struct(">QqI" if body[0] == 1 else ">IiI")
    entries = body[8:]
    for place in range(min(_number(body, 4, 4), _MOST_BOXES, len(entries) // entry.size)):
        length, start, _ = entry.unpack_from(entries, place * entry.size)
        yield length, start


def _number(body: memoryview, place: int, place_in_version_1: int) -> int:
    """A 32-bit number; version 1 of a box has longer dates before it. 0 where the box is missing or short."""
    place = place_in_version_1 if len(body) and body[0] == 1 else place
    return int.from_bytes(body[place : place + 4], "big") if len(body) >= place + 4 else 0


def _first(body: memoryview, wanted: bytes) -> memoryview:
    """The content of the first box of a kind; nothing where there is none."""
    return next((content for kind, content in _boxes(body) if kind == wanted), memoryview(b""))


def _boxes(body: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    place = 0
    for _ in range(_MOST_BOXES):
        if place + 8 > len(body):
            return
        size, kind, header = _header(bytes(body[place : place + 16]), len(body) - place)
        if size < header:
            return
        yield kind, body[place + header : place + size]
        place += size


def _read_index(path: Path) -> memoryview:
    """The content of the movie box; nothing where it is missing or absurdly large."""
    try:
        with path.open("rb") as file:
            return _find_index(file)
    except OSError as error:
        raise unreadable(error) from None


def _find_index(file: BinaryIO) -> memoryview:
    end = file.seek(0, 2)
    place = 0
    for _ in range(_MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            break
        size, kind, header = _header(head, end - place)
        if kind == b"moov":
            return _read(file, place + header, size - header)
        if size < header or place + size > end:
            break
        place += size
    return memoryview(b"")


def _read(file: BinaryIO, place: int, size: int) -> memoryview:
    if not 0 <= size <= _LARGEST_INDEX:
        return memoryview(b"")
    file.seek(place)
    return memoryview(file.read(size))


def _header(head: bytes, rest: int) -> tuple[int, bytes, int]:
    """A box's whole size, kind, and the size of its header. Sizes 0 and 1 mean: to the end, and a long size follows."""
    size, kind = struct.unpack_from(">I4s", head)
    if size == 1 and len(head) == 16:
        return int.from_bytes(head[8:16], "big"), kind, 16
    return size or rest, kind, 8
