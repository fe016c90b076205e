"""Which streams of a file are taken, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from indexer.domain import StreamInfo
from indexer.errors import MediaRefused
from indexer.media.reading.tag_values import first_value

_COVER = Disposition.attached_pic | Disposition.timed_thumbnails
_SPOKEN_OVER = Disposition.comment | Disposition.visual_impaired | Disposition.descriptions
_PARTIAL = (
    Disposition.hearing_impaired
    | Disposition.clean_effects
    | Disposition.karaoke
    | Disposition.lyrics
    | Disposition.non_diegetic
    | Disposition.dependent
)
_UNTOLD = ("und", "unk", "mis", "zxx")  # ISO 639-2: undetermined, not coded, no language
_STILL = 1  # frame


@dataclass(frozen=True, slots=True)
class Choice:
    """A stream, and for people why it is taken: `the only one`."""

    index: int
    reason: str


_NO_PICTURES = "there is only sound, titles or a cover picture in this file; only videos are indexed, so leave it out"


def chosen_video(container: InputContainer) -> Choice:
    """The stream of moving pictures to take; covers and thumbnails are video streams too.

    The first one that can be decoded; where only some are marked as default (one camera angle of several), the first
    of those. Raises `MediaRefused`: no_video, or no_frames where none of them can be decoded here.
    """
    return next(video_choices(container))


def video_choices(container: InputContainer) -> Iterator[Choice]:
    """`chosen_video`, and then those to try where not one picture of it can be decoded. Raises as it does."""
    covers = [stream for stream in container.streams.video if stream.disposition & _COVER]
    moving = [stream for stream in container.streams.video if not stream.disposition & _COVER]
    if not moving:
        raise MediaRefused("no_video", _NO_PICTURES)
    usable = [stream for stream in moving if stream.codec_context is not None]
    if not usable:
        raise MediaRefused("no_frames", "its pictures are in a codec that cannot be decoded here; convert it to MP4")
    films = [stream for stream in usable if stream.frames != _STILL] or usable
    marked = [stream for stream in films if stream.disposition & Disposition.default]
    preferred = list(dict.fromkeys([*marked, *films, *usable]))
    by_mark = bool(marked) and marked[0] is not films[0]
    first = _video_reason(preferred[0], moving, by_mark=by_mark) + _passed_over(preferred[0], moving, covers)
    yield Choice(preferred[0].index, first)
    for place, stream in enumerate(preferred[1:], start=1):
        barren = ", ".join(str(one.index) for one in preferred[:place])
        yield Choice(stream.index, f"the first that can be decoded: not one picture of stream {barren} can")


def chosen_audio(container: InputContainer, video: VideoStream) -> Choice | None:
    """The sound to take: the first stream, where only some are marked as default the first of those; never commentary
    or description where there is other sound. Of several programmes, the one the pictures belong to."""
    streams = container.streams.audio
    if not streams:
        return None
    if len(streams) == 1:
        return Choice(streams[0].index, "the only one")
    if container.format.name == "mpegts" and len(container.streams.video) > 1:
        related = container.streams.best("audio", related=video)
        if related is not None:
            return Choice(
                related.index, f"of the programme that the pictures belong to, of {len(streams)} sound streams"
            )
    whole = [one for one in streams if one.codec_context is not None] or list(streams)
    plain = [one for one in whole if not one.disposition & (_SPOKEN_OVER | _PARTIAL)] or whole
    marked = [one for one in plain if one.disposition & Disposition.default]
    taken = (marked or plain)[0]
    return Choice(taken.index, _audio_reason(taken, streams, plain))


def described_streams(container: InputContainer) -> tuple[StreamInfo, ...]:
    """Every stream of the file, as it states itself."""
    return tuple(
        StreamInfo(stream.index, _kind(stream), codec_name(stream), _detail(stream), _language(stream))
        for stream in container.streams
    )


def codec_name(stream: Stream) -> str:
    """ "" where the codec is not known here."""
    return stream.codec_context.name if stream.codec_context is not None else ""


def _video_reason(taken: VideoStream, moving: Sequence[VideoStream], *, by_mark: bool) -> str:
    others = [one for one in moving if one is not taken]
    if not others:
        return "the only one"
    sizes = f"{_size(taken)}; the other is {_size(others[0])}" if len(others) == 1 else f"{_size(taken)}"
    of_all = f"of {len(moving)} video streams ({sizes})"
    return f"the one marked as default, {of_all}" if by_mark else f"the first {of_all}"


def _passed_over(taken: VideoStream, moving: Iterable[VideoStream], covers: Sequence[VideoStream]) -> str:
    told = [f"; stream {one.index} is a cover picture" for one in covers]
    for one in moving:
        if not codec_name(one):
            told.append(f"; stream {one.index} is in a codec that cannot be decoded here")
        elif one.frames == _STILL and taken.frames != _STILL:
            told.append(f"; stream {one.index} is a still picture")
    return "".join(told)


def _audio_reason(taken: AudioStream, streams: Sequence[AudioStream], plain: Sequence[AudioStream]) -> str:
    of_all = f"of {len(streams)} sound streams"
    if taken is streams[0]:
        return f"the first {of_all}"
    if taken is plain[0]:
        return f"the first with the whole sound, neither commentary nor description, {of_all}"
    return f"the one marked as default, {of_all}"


def _kind(stream: Stream) -> Literal["video", "cover", "audio", "subtitle", "data", "attachment"]:
    if isinstance(stream, VideoStream):
        return "cover" if stream.disposition & _COVER else "video"
    return "data" if stream.type == "unknown" else stream.type


def _detail(stream: Stream) -> str:
    if isinstance(stream, VideoStream):
        return _size(stream)
    if isinstance(stream.codec_context, AudioCodecContext):
        channels = stream.codec_context.layout.nb_channels
        return f"{channels} {'channel' if channels == 1 else 'channels'}, {stream.codec_context.sample_rate} Hz"
    timecode = first_value("timecode", [stream.metadata])
    return f"timecode {timecode}" if timecode else ""


def _size(stream: VideoStream) -> str:
    if stream.codec_context is None or not stream.codec_context.width:
        return "size unknown"
    return f"{stream.codec_context.width}x{stream.codec_context.height}"


def _language(stream: Stream) -> str | None:
    language = first_value("language", [stream.metadata])
    return None if language in _UNTOLD else language
