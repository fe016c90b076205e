"""Decode the pictures of one stream, each placed in time; past broken packets, and from a keyframe after a seek."""

from bisect import insort
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.media.rates import snapped
from indexer.media.sandbox_child import beat
from indexer.media.timeline import DecodeNotes, Timeline
from indexer.timecode import MICROSECONDS

_USUAL_RATE = Fraction(25)
_HOPELESS = 5000  # packets before the first picture
_MOST_THREADS = 64
_READ_ERRORS = 3  # in a row, after which a file is read no further
_SHORT_STEP = Fraction(1)  # second: within it time stamps can be in disorder, beyond it they have jumped

# Bare streams hold no time stamps. Those FFmpeg makes up are wrong where pictures are reordered.
_BARE = frozenset(
    {"h261", "h263", "m4v", "mpegvideo", "dirac", "vc1", "h264", "hevc", "vvc", "obu", "mjpeg", "cavsvideo"}
)
# These keep one clock from end to end: a long gap between frames is a still picture, not a jump.
_ONE_CLOCK = frozenset({"mov", "matroska", "webm", "avi", "mxf", "gif", "ogg", "nut", "asf"})


Stamped = tuple[int | None, VideoFrame]


@dataclass(frozen=True, slots=True)
class TimedPicture:
    """A decoded picture, not yet scaled, and when it is shown; with the next one, which had to be decoded to know."""

    t_us: int
    duration_us: int
    picture: VideoFrame
    following: VideoFrame | None

    @property
    def end_us(self) -> int:
        return self.t_us + self.duration_us

    def __contains__(self, t_us: int) -> bool:
        return self.t_us <= t_us < self.end_us


def timeline_of(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Timeline:
    rate = stream.guessed_rate or stream.average_rate or _USUAL_RATE
    one_clock = bool(_ONE_CLOCK & set(container.format.name.split(",")))
    claimed_us = (container.duration or 0) if one_clock else 0
    return Timeline(
        stream.time_base or Fraction(1, MICROSECONDS),
        snapped(rate),
        notes,
        longest_gap=Fraction(claimed_us, MICROSECONDS),
    )


def timed_pictures(
    container: InputContainer, stream: VideoStream, *, timeline: Timeline, notes: DecodeNotes
) -> Iterator[TimedPicture]:
    """Every picture from where the container stands, in order of presentation.

    A picture lasts until the next; the last one as long as it says itself, else as long as the one before.
    """
    return _with_durations(_stamped(decoded_pictures(container, stream, notes), container, stream), timeline)


def timed_pictures_from_keyframe(
    container: InputContainer, stream: VideoStream, *, timeline: Timeline, notes: DecodeNotes
) -> Iterator[TimedPicture]:
    """As `timed_pictures`, after a seek: from the first keyframe on. Pictures that are shown before that keyframe but
    need what lies before it (open groups of pictures) are left out. Ends at once where time stamps are missing."""
    timeline.leap()
    packets = _packets(container, stream, notes)
    key = next((packet for packet in packets if packet.is_keyframe), None)
    if key is None or key.pts is None:
        return iter(())
    start = key.pts
    pictures = _decode(chain([key], packets), notes)
    whole = (one for one in pictures if one.pts is not None and one.pts >= start)
    return _with_durations(_stamped(whole, container, stream), timeline)


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
    return _decode(_packets(container, stream, notes), notes)


def _packets(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Iterator["Packet[VideoStream]"]:
    """The stream's packets, then the empty one that makes the decoder give up what it holds.

    After an error reading is tried again: damage in one place need not hide what lies beyond it.
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
            return
    notes.read_errors += errors > 0
    yield _flush_of(stream)


def _decode(packets: Iterator["Packet[VideoStream]"], notes: DecodeNotes) -> Iterator[VideoFrame]:
    fruitless: int | None = 0  # packets before the first picture
    for packet in packets:
        pictures = _pictures_of(packet, notes)
        if fruitless is not None:
            fruitless = None if pictures else fruitless + 1
            if fruitless == _HOPELESS:
                return
        for picture in pictures:
            notes.corrupt_frames += picture.is_corrupt
            beat()
            yield picture


def _pictures_of(packet: "Packet[VideoStream]", notes: DecodeNotes) -> list[VideoFrame]:
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


def _stamped(pictures: Iterator[VideoFrame], container: InputContainer, stream: VideoStream) -> Iterator[Stamped]:
    """Pictures with their time stamps in order.

    Decoders give pictures out in order of presentation. Time stamps that go back and forth among neighbours are those
    of decoding (some containers store no others): the same stamps, sorted, are the right ones.
    """
    if container.format.name in _BARE:
        yield from ((None, picture) for picture in pictures)
        return
    short_step = int(_SHORT_STEP / (stream.time_base or Fraction(1, MICROSECONDS)))
    held: deque[VideoFrame] = deque()
    stamps: list[int] = []
    given: int | None = None
    for picture in pictures:
        stamp = stamp_of(picture)
        jumps = bool(stamps) and stamp is not None and abs(stamp - stamps[-1]) > short_step
        repeats = stamp is not None and (stamp in stamps or (given is not None and stamp <= given))
        if stamp is None or jumps or repeats:  # what comes now is not in disorder with what is held
            yield from zip(stamps, held, strict=True)
            stamps, held, given = [], deque(), None
        if stamp is None:
            yield None, picture
            continue
        insort(stamps, stamp)
        held.append(picture)
        if len(held) > stream.codec_context.has_b_frames:
            given = stamps.pop(0)
            yield given, held.popleft()
    yield from zip(stamps, held, strict=True)


def _with_durations(pictures: Iterator[Stamped], timeline: Timeline) -> Iterator[TimedPicture]:
    shown: VideoFrame | None = None
    t_us, lasts_us = 0, timeline.step_us()
    for stamp, picture in pictures:
        next_us = timeline.place(stamp, picture.duration)
        if shown is not None:
            lasts_us = next_us - t_us
            yield TimedPicture(t_us, lasts_us, shown, picture)
        shown, t_us = picture, next_us
    if shown is not None:
        yield TimedPicture(t_us, timeline.last_lasts_us() or lasts_us, shown, None)


def _flush_of(stream: VideoStream) -> "Packet[VideoStream]":
    flush: Packet[Any] = Packet()
    flush.stream = stream
    return flush
