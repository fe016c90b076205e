"""Open a file with PyAV the one way it is safe to: as a local file, by known demuxers, with bounded pictures."""

import os
from pathlib import Path

import av
from av.container import InputContainer
from av.container.core import Flags
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from indexer.errors import MediaRefused
from indexer.media.sniff import refusal_of, refuse_unsuitable

MAX_PIXELS = 36_000_000  # a little above DCI 8K

FORMATS = (
    # no concat, hls, dash, sdp, image2: they open what a file names
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,mxf,gxf,wtv,dv,rm,nut,nsv,ivf,"
    "h261,h263,h264,hevc,m4v,obu,vc1,dirac,yuv4mpegpipe,gif,"
    "mp3,wav,w64,aac,ac3,eac3,flac,aiff,au,caf,amr,ape,wv,tta,dts"
)
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS, "max_pixels": str(MAX_PIXELS)}

_MOST_THREADS = 8
_MADE_UP_TIMES: int = Flags.gen_pts.value  # type: ignore[assignment] # PyAV declares members as flags of flags
_LARGE_PICTURE = 9_000_000  # above 4K a frame a thread would cost too much memory
_COVER = Disposition.attached_pic | Disposition.timed_thumbnails


def file_address(path: Path) -> str:
    """The name FFmpeg is given: never read as an option, a pattern or another protocol. Bytes pass as surrogates."""
    return f"file:{os.path.abspath(path)}"  # noqa: PTH100 - a symbolic link must stay as it is


def open_media(path: Path) -> InputContainer:
    """Open a local video file for reading; close it, or use it in a `with`.

    Raises `MediaRefused`: missing, not_a_file, unreadable, empty, playlist, not_media, damaged, or no_video for a
    still picture.
    """
    refuse_unsuitable(path)
    # Not `set_level`: its Python callback deadlocks with frame threads when a container is closed after a seek.
    av.logging.set_libav_level(av.logging.PANIC)
    try:
        return av.open(file_address(path), "r", options=dict(OPTIONS), metadata_errors="replace")
    except MemoryError:
        raise
    except (av.FFmpegError, ValueError):
        raise refusal_of(path) from None


def first_video(container: InputContainer) -> VideoStream:
    """The first stream of moving pictures: covers and thumbnails are video streams too. Raises `MediaRefused`."""
    for stream in container.streams.video:
        if not stream.disposition & _COVER:
            return prepare_stream(container, stream.index)
    raise MediaRefused("no_video", "there are no moving pictures in this file, only sound, titles or a cover picture")


def prepare_stream(container: InputContainer, stream_index: int) -> VideoStream:
    """Make one video stream ready to decode, with bounded pictures and threads; the others are not read at all.

    Raises `MediaRefused`: no_video, no_frames when its codec is not known here, too_large.
    """
    stream = next((one for one in container.streams.video if one.index == stream_index), None)
    if stream is None:
        raise MediaRefused("no_video", f"stream {stream_index} of this file is not a video")
    context = stream.codec_context
    if context is None:
        raise MediaRefused("no_frames", "its pictures are in a codec that cannot be decoded here")
    refuse_too_large(context.width, context.height)
    context.options = {"max_pixels": str(MAX_PIXELS)}  # options given to the container do not reach the decoder
    if container.format.name == "avi" and context.has_b_frames:
        # AVI has no presentation times, and those FFmpeg would make up for reordered pictures are wrong.
        container.flags &= ~_MADE_UP_TIMES
    large = context.width * context.height > _LARGE_PICTURE
    context.thread_type = "AUTO"
    context.thread_count = 2 if large else min(os.cpu_count() or 1, _MOST_THREADS)
    for other in container.streams:
        if other.index != stream_index:
            other.discard = Discard.all
    return stream


def refuse_too_large(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        limit = f"{MAX_PIXELS / 1e6:g} million pixels"
        raise MediaRefused("too_large", f"its pictures are {width}x{height}; at most {limit} are accepted")
