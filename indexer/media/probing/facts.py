"""Gather the facts about a file: stated by the container, corrected by its first packets and pictures."""

from fractions import Fraction
from itertools import islice
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

from indexer.domain import MediaInfo
from indexer.errors import MediaRefused
from indexer.media.pictures.scaling import quarter_turns, shown_size
from indexer.media.probing.dv import dv_recorded_at
from indexer.media.probing.first_pictures import FirstPictures, first_pictures
from indexer.media.probing.start_timecode import start_timecode
from indexer.media.probing.tags import recorded_at, reel_and_card, title_of
from indexer.media.reading.frames import no_frames
from indexer.media.reading.opening import open_media, prepare_stream, refuse_too_large
from indexer.media.reading.rates import constant_rate
from indexer.media.reading.streams import Choice, chosen_audio, codec_name, described_streams, video_choices
from indexer.media.reading.tag_values import Tags
from indexer.timecode import MICROSECONDS

_TRIES = 4  # video streams looked at, where the first have no picture
_LONGEST_CLAIM_US = 1 << 62

# AVColorTransferCharacteristic, as FFmpeg writes it; 2 is "unspecified", 0 and 3 are reserved.
_TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}


def media_info(path: Path) -> MediaInfo:
    """Runs in this process; `probe` runs it in the sandbox. Raises `MediaRefused` as `probe` does."""
    barren = no_frames()
    for place in range(_TRIES):
        with open_media(path) as container:
            choice = next(islice(video_choices(container), place, None), None)
            if choice is None:
                break
            try:
                return _describe(container, choice, path)
            except MediaRefused as refusal:
                if refusal.reason != "no_frames":
                    raise
                barren = refusal
    raise barren


def _describe(container: InputContainer, choice: Choice, path: Path) -> MediaInfo:
    stream = prepare_stream(container, choice.index)
    first = first_pictures(container, stream)
    picture = first.pictures[0]
    refuse_too_large(picture.width, picture.height)
    rate = _rate(stream, first)
    timecode = start_timecode(container, stream, first=first, rate=rate, path=path)
    width, height = shown_size(picture, first.pixel_shape)
    audio = chosen_audio(container, stream)
    places = [stream.metadata, container.metadata, *(one.metadata for one in container.streams.data)]
    reel, card = reel_and_card(places, path.stem)
    return MediaInfo(
        container=container.format.name,
        codec=stream.codec_context.name,
        stream_index=stream.index,
        width=width,
        height=height,
        rotation=-quarter_turns(picture) % 4 * 90,
        rate=rate,
        average_rate=stream.average_rate,
        claimed_duration_us=_claimed_duration_us(container, stream),
        start_timecode=timecode.timecode,
        recorded_at=recorded_at(_dated_places(container, stream, first)),
        title=title_of(_titled_places(container, stream)),
        audio_codec=codec_name(container.streams[audio.index]) or None if audio else None,
        pixel_format=picture.format.name,
        warnings=timecode.warnings,
        stream_choice=choice.reason,
        audio_stream_index=audio.index if audio else None,
        audio_choice=audio.reason if audio else "",
        streams=described_streams(container),
        pixel_shape=first.pixel_shape,
        transfer=_TRANSFERS.get(picture.color_trc) or _TRANSFERS.get(stream.codec_context.color_trc),
        interlaced=any(one.interlaced_frame for one in first.pictures),
        start_us=first.start_us,
        timecode_source=timecode.source,
        reel=reel,
        card=card,
        bits=max((component.bits for component in picture.format.components), default=8),
    )


def _rate(stream: VideoStream, first: FirstPictures) -> Fraction | None:
    average = stream.average_rate
    counted = stream.frames > 0  # over the container's frames, not copied from a header field
    return constant_rate(
        first.stamps,
        stream.time_base or Fraction(1, MICROSECONDS),
        claimed=(average, stream.guessed_rate) if first.stamps else (stream.guessed_rate, average, stream.base_rate),
        average=average if counted else None,
        unstamped=first.unstamped,
    )


def _claimed_duration_us(container: InputContainer, stream: VideoStream) -> int | None:
    if stream.duration and stream.time_base:
        claim = round(stream.duration * stream.time_base * MICROSECONDS)
    else:
        claim = container.duration or 0
    return claim if 0 < claim < _LONGEST_CLAIM_US else None


def _dated_places(container: InputContainer, stream: VideoStream, first: FirstPictures) -> list[Tags]:
    places: list[Tags] = [container.metadata, stream.metadata]
    if stream.codec_context.name == "dvvideo" and first.packets and (date := dv_recorded_at(first.packets[0])):
        places.insert(0, {"date_recorded": date})  # the container's is that of the capture
    return places


def _titled_places(container: InputContainer, stream: VideoStream) -> list[Tags]:
    """Streams' titles name tracks; but Ogg has no other."""
    return [container.metadata, stream.metadata] if container.format.name == "ogg" else [container.metadata]
