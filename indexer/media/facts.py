"""Gather the facts about a file that is open: stated by the container, corrected by its first packets and picture."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.domain import MediaInfo
from indexer.errors import UsageError
from indexer.media.decoding import decoded_pictures, stamp_of
from indexer.media.frames import no_frames
from indexer.media.opening import first_video, open_media, refuse_too_large
from indexer.media.rates import constant_rate
from indexer.media.scaling import quarter_turns, shown_size
from indexer.media.timeline import DecodeNotes
from indexer.timecode import MICROSECONDS, StartTimecode, stream_time_us

_PACKETS = 300  # looked at for the frame rate
_BYTES = 32 << 20  # or until so much is read: intra-frame footage is large
_REORDERED = 16  # the last packets' neighbours may not have come yet
_HOPELESS = 5000  # packets without a picture
_TIMECODE = re.compile(r"\d{2}:[0-5]\d:[0-5]\d[:;.,]\d{2,3}")
_NO_DATE = ("0000", "1904-01-01", "1970-01-01")  # what devices without a clock write


def media_info(path: Path) -> MediaInfo:
    """Runs in this process; `probe` runs it in the sandbox. Raises `MediaRefused` as `probe` does."""
    with open_media(path) as container:
        stream = first_video(container)
        picture, stamps = _first_picture(container, stream)
        refuse_too_large(picture.width, picture.height)
        return _describe(container, stream, picture=picture, stamps=stamps)


def first_frame_us(container: InputContainer, stream: VideoStream) -> int:
    """The first frame's place on the file's own clock, in microseconds; 0 where it has no time stamp."""
    picture = next(decoded_pictures(container, stream, DecodeNotes()), None)
    if picture is None:
        raise no_frames()
    return stream_time_us(stamp_of(picture) or 0, 0, stream.time_base or Fraction(1, MICROSECONDS))


def _describe(container: InputContainer, stream: VideoStream, *, picture: VideoFrame, stamps: list[int]) -> MediaInfo:
    average = stream.average_rate
    rate = constant_rate(
        stamps,
        stream.time_base or Fraction(1, MICROSECONDS),
        claimed=(stream.guessed_rate, average, stream.base_rate) if not stamps else (average, stream.guessed_rate),
        average=average if _counts_frames(stream) else None,
    )
    timecode, warnings = _start_timecode(container, rate)
    width, height = shown_size(picture, stream.sample_aspect_ratio)
    sound = next((one.codec_context for one in container.streams.audio), None)
    return MediaInfo(
        container=container.format.name,
        codec=stream.codec_context.name,
        stream_index=stream.index,
        width=width,
        height=height,
        rotation=-quarter_turns(picture) % 4 * 90,
        rate=rate,
        average_rate=average,
        claimed_duration_us=_claimed_duration_us(container, stream),
        start_timecode=timecode,
        recorded_at=_recorded_at(container, stream),
        title=next(_tags("title", [container.metadata]), None),
        audio_codec=sound.name if sound else None,
        pixel_format=picture.format.name,
        warnings=warnings,
    )


def _first_picture(container: InputContainer, stream: VideoStream) -> tuple[VideoFrame, list[int]]:
    """The first picture that can be decoded, and the presentation times of the first packets."""
    first: VideoFrame | None = None
    stamps: list[int] = []
    size = 0
    try:
        for number, packet in enumerate(container.demux(stream)):
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is not None and not packet.is_discard:
                stamps.append(stamp)
            if first is None:
                first = _decode_first(packet)
            size += packet.size
            if first is not None and (number >= _PACKETS or size > _BYTES):
                break
            if number > _HOPELESS:
                raise no_frames()
    except MemoryError:
        raise
    except av.FFmpegError:  # unreadable from here on
        pass
    if first is None:
        raise no_frames()
    settled = sorted(stamps)[:-_REORDERED] if len(stamps) > 4 * _REORDERED else stamps
    return first, [stamp for stamp in settled if first.pts is None or stamp >= first.pts]


def _decode_first(packet: "av.Packet[VideoStream]") -> VideoFrame | None:
    try:
        return next(iter(packet.decode()), None)
    except MemoryError:
        raise
    except av.FFmpegError:
        return None


def _counts_frames(stream: VideoStream) -> bool:
    """Whether the container's average rate is counted over its frames, not copied from a header field."""
    return stream.frames > 0


def _claimed_duration_us(container: InputContainer, stream: VideoStream) -> int | None:
    if stream.duration and stream.time_base:
        return round(stream.duration * stream.time_base * MICROSECONDS)
    return container.duration or None


def _start_timecode(container: InputContainer, rate: Fraction | None) -> tuple[StartTimecode | None, tuple[str, ...]]:
    places = [one.metadata for one in container.streams] + [container.metadata]
    text = next(_tags("timecode", places), None)
    if text is None:
        return None, ()
    timecode = StartTimecode(text)
    try:
        if not _TIMECODE.fullmatch(text):
            raise UsageError(f"{text!r} is not a timecode")
        if rate is not None:
            timecode.frames(rate)
    except UsageError as error:
        return None, (f"its start timecode was not used: {error}",)
    return timecode, ()


def _recorded_at(container: InputContainer, stream: VideoStream) -> str | None:
    places = [container.metadata, stream.metadata]
    local = _tags("com.apple.quicktime.creationdate", places)  # with the time zone of the place
    dates = [*local, *_tags("creation_time", places)]
    return next((date for date in dates if not date.startswith(_NO_DATE)), None)


def _tags(name: str, places: Iterable[dict[str, str]]) -> Iterator[str]:
    """The values of a tag, wherever it is set; containers differ in the case of names."""
    for metadata in places:
        for key, value in metadata.items():
            if key.lower() == name and value.strip():
                yield value.strip()
