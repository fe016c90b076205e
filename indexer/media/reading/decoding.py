"""Decode the pictures of one stream, past broken packets."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.media.reading.readable import require_readable
from indexer.media.reading.timeline import DecodeNotes
from indexer.media.sandbox.child import beat

HOPELESS = 5000  # packets without a picture, after which none is looked for
_MOST_THREADS = 64
_READ_ERRORS = 3  # in a row, after which a file is read no further


def read_carefully(stream: VideoStream) -> None:
    """Decode a stream that is not open yet on one thread: several conceal damage differently each time."""
    stream.codec_context.thread_type = "NONE"
    stream.codec_context.thread_count = 1


def stamp_of(picture: VideoFrame) -> int | None:
    """When a picture is shown, on the stream's clock. AVI states only when it is decoded: good for the picture that
    comes out then."""
    return picture.dts if picture.pts is None else picture.pts


def decoded_pictures(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Iterator[VideoFrame]:
    """Every picture that can be decoded, from where the container stands; none at all where thousands of packets have
    brought not one."""
    return _decode(packets_of(container, stream, notes), notes)


def pictures_from_keyframe(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Iterator[VideoFrame]:
    """Every picture from the first keyframe on, after a seek. Pictures that are shown before that keyframe but need
    what lies before it (open groups of pictures) are left out. Ends at once where time stamps are missing."""
    packets = packets_of(container, stream, notes)
    key = next((packet for packet in packets if packet.is_keyframe), None)
    if key is None or key.pts is None:
        return
    start = key.pts
    yield from (one for one in _decode(chain([key], packets), notes) if one.pts is not None and one.pts >= start)


def packets_of(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Iterator["Packet[VideoStream]"]:
    """The stream's packets, then the empty one that makes the decoder give up what it holds.

    After an error reading is tried again: damage in one place need not hide what lies beyond it. Raises
    `MediaFailed("no_answer")` where it was the disk that failed.
    """
    errors = furthest = 0
    while errors < _READ_ERRORS:
        try:
            for packet in container.demux(stream):
                errors = 0
                if packet.pos is not None and packet.pos > furthest:  # getting on, if only through what shows nothing
                    furthest = packet.pos
                    beat()
                yield packet
        except MemoryError:
            raise
        except av.PermissionError:  # what GXF's demuxer says at a good end
            break
        except av.FFmpegError:
            errors += 1
        else:
            _require_the_rest(container, furthest)
            return
    _require_the_rest(container, furthest)
    notes.read_errors += errors > 0
    yield _flush_of(stream)


def _require_the_rest(container: InputContainer, furthest: int) -> None:
    """Some formats do not tell where packets lie, and are taken at their word."""
    if furthest:
        require_readable(Path(container.name.removeprefix("file:")), furthest)


def _decode(packets: Iterator["Packet[VideoStream]"], notes: DecodeNotes) -> Iterator[VideoFrame]:
    fruitless: int | None = 0  # packets before the first picture
    for packet in packets:
        pictures = pictures_of(packet, notes)
        if fruitless is not None:
            fruitless = None if pictures else fruitless + 1
            if fruitless == HOPELESS:
                return
        for picture in pictures:
            notes.corrupt_frames += picture.is_corrupt
            beat()
            yield picture


def pictures_of(packet: "Packet[VideoStream]", notes: DecodeNotes) -> list[VideoFrame]:
    """What a packet brings. After an error the decoder is asked on: `container.decode` would end there, with good
    pictures still to come, and so would its threads at the end, each of which may report one."""
    for _ in range(1 if packet.size else _MOST_THREADS):
        try:
            return packet.decode()
        except MemoryError:
            raise
        except av.FFmpegError:
            notes.broken_packets += 1
    return []


def _flush_of(stream: VideoStream) -> "Packet[VideoStream]":
    flush: Packet[Any] = Packet()
    flush.stream = stream
    return flush
