"""Decode the pictures of one stream, each placed in time; past broken packets, and from a keyframe after a seek."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.media.sandbox_child import beat
from indexer.media.timeline import DecodeNotes, Timeline

_USUAL_RATE = Fraction(25)


@dataclass(frozen=True, slots=True)
class TimedPicture:
    """A decoded picture, not yet scaled, and when it is shown."""

    t_us: int
    duration_us: int
    picture: VideoFrame

    @property
    def end_us(self) -> int:
        return self.t_us + self.duration_us


def timeline_of(stream: VideoStream, notes: DecodeNotes) -> Timeline:
    rate = stream.guessed_rate or stream.average_rate or _USUAL_RATE
    return Timeline(stream.time_base or Fraction(1, 1_000_000), rate, notes)


def timed_pictures(
    container: InputContainer, stream: VideoStream, *, timeline: Timeline, notes: DecodeNotes
) -> Iterator[TimedPicture]:
    """Every picture from where the container stands, in order of presentation.

    A picture lasts until the next; the last one as long as it says itself, else as long as the one before.
    """
    return _with_durations(decoded_pictures(container, stream, notes), timeline)


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
    pictures = _decode(_chain(key, packets), notes)
    return _with_durations((one for one in pictures if one.pts is not None and one.pts >= start), timeline)


def stamp_of(picture: VideoFrame) -> int | None:
    """When a picture is shown, on the stream's clock. AVI states only when it is decoded: good for the picture that
    comes out then."""
    return picture.dts if picture.pts is None else picture.pts


def decoded_pictures(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Iterator[VideoFrame]:
    """Every picture that can be decoded, from where the container stands."""
    return _decode(_packets(container, stream, notes), notes)


def _packets(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Iterator["Packet[VideoStream]"]:
    """The stream's packets, then the empty one that makes the decoder give up what it holds."""
    try:
        yield from container.demux(stream)
    except MemoryError:
        raise
    except av.FFmpegError:  # unreadable from here on; what the decoder still holds is good
        notes.broken_packets += 1
        yield _flush_of(stream)


def _decode(packets: Iterator["Packet[VideoStream]"], notes: DecodeNotes) -> Iterator[VideoFrame]:
    for packet in packets:
        try:
            pictures = packet.decode()
        except MemoryError:
            raise
        except av.FFmpegError:  # `container.decode` would end here, with good pictures still to come
            notes.broken_packets += 1
            continue
        for picture in pictures:
            notes.corrupt_frames += picture.is_corrupt
            beat()
            yield picture


def _with_durations(pictures: Iterator[VideoFrame], timeline: Timeline) -> Iterator[TimedPicture]:
    shown: VideoFrame | None = None
    t_us, lasts_us = 0, timeline.step_us()
    for picture in pictures:
        next_us = timeline.place(stamp_of(picture), picture.duration)
        if shown is not None:
            lasts_us = next_us - t_us
            yield TimedPicture(t_us, lasts_us, shown)
        shown, t_us = picture, next_us
    if shown is not None:
        yield TimedPicture(t_us, timeline.last_lasts_us() or lasts_us, shown)


def _flush_of(stream: VideoStream) -> "Packet[VideoStream]":
    flush: Packet[Any] = Packet()
    flush.stream = stream
    return flush


def _chain(first: "Packet[VideoStream]", rest: Iterator["Packet[VideoStream]"]) -> Iterator["Packet[VideoStream]"]:
    yield first
    yield from rest
