"""Open a file with PyAV the one way it is safe to: as a local file, by known demuxers, with bounded pictures."""

import os
from pathlib import Path

import av
from av.container import InputContainer
from av.container.core import Flags
from av.stream import Discard
from av.video.stream import VideoStream

from indexer.errors import MediaRefused
from indexer.media.finding.sniff import refusal_of, refuse_unsuitable
from indexer.media.reading.streams import chosen_video
from indexer.media.sandbox.child import bounded_growth
from indexer.media.sandbox.limits import limits_in_force

# Self-contained files that hold moving pictures, and sound alone so that it is refused as such. Never what opens other
# files by their names (concat, hls, dash, sdp, image2, imf, mlv, vobsub), nor what takes any text for a picture (tty).
FORMATS = ",".join(
    (
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,kux,ogg,rm,ivr,nut,nsv,nuv,ivf,vivo,vividas,smjpeg,swf,xmv",
        "mpegts,mpeg,mxf,gxf,wtv,dv,lxf,ty,pva,pmp,moflex,mods,mv,r3d,cine,ser,thp,usm,film_cpk,filmstrip",  # broadcast
        "mpegvideo,m4v,h261,h263,h264,hevc,vvc,evc,av1,obu,vc1,vc1test,dirac,dnxhd,apv,avs2,avs3,cavsvideo,ipu",  # bare
        "mjpeg,mpjpeg,mjpeg_2000,yuv4mpegpipe,gif,apng,jpegxl_anim",
        "dhav,ifv,iv8,hxvs,luodat,lmlm4,mxg,nc,simbiosis_imx,msnwctcp",  # surveillance
        "4xm,anm,avs,bethsoftvid,bfi,bink,bmv,c93,cdxl,dfa,dsicin,dxa,ea,flic,gdv,hnm,idcin,ipmovie,jv,lvf,mm,mtv,mvi",
        "paf,pdv,psxstr,rl2,roq,rpl,sga,siff,smk,smush,tiertexseq,tmv,vmd,wc3movie,wsvqa,yop",  # games
        "mp3,wav,w64,aac,ac3,eac3,flac,aiff,au,caf,amr,ape,wv,tta,dts",
    )
)

_OPENING_BYTES = 768 << 20  # the index of a day of video stays well below
_MOST_STREAMS = 500  # a whole multiplex of broadcast television has some 200
_STREAMS_READ = 5000  # what FFmpeg may find before it gives up, so that they can be counted
_MOST_THREADS = 8
_MADE_UP_TIMES: int = Flags.gen_pts.value  # type: ignore[assignment] # PyAV declares members as flags of flags
_LARGE_PICTURE = 9_000_000  # above 4K a frame a thread would cost too much memory


def file_address(path: Path) -> str:
    """The name FFmpeg is given: never read as an option, a pattern or another protocol. Bytes pass as surrogates."""
    return f"file:{os.path.abspath(path)}"  # noqa: PTH100 - a symbolic link must stay as it is


def reading_options() -> dict[str, str]:
    """What FFmpeg is told of every file, here and as a program."""
    return {
        "protocol_whitelist": "file",
        "format_whitelist": FORMATS,
        "max_pixels": str(limits_in_force().max_pixels),
        "max_streams": str(_STREAMS_READ),
    }


def open_media(path: Path) -> InputContainer:
    """Open a local video file for reading; close it, or use it in a `with`.

    Raises `MediaRefused`: missing, not_a_file, unreadable, empty, playlist, not_media, damaged, no_video for a
    still picture, too_large where only opening it takes too much memory, too_many_streams.
    """
    refuse_unsuitable(path)
    # Not `set_level`: its Python callback deadlocks with frame threads when a container is closed after a seek.
    av.logging.set_libav_level(av.logging.PANIC)
    try:
        with bounded_growth(_OPENING_BYTES):
            container = av.open(file_address(path), "r", options=reading_options(), metadata_errors="replace")
    except MemoryError:
        raise MediaRefused("too_large", _TOO_LARGE_TO_OPEN) from None
    except (av.FFmpegError, ValueError):
        raise refusal_of(path) from None
    count = len(container.streams)
    if count > _MOST_STREAMS:
        container.close()
        sentence = f"it has {count} streams, more than {_MOST_STREAMS}; copy those you need to a file of their own"
        raise MediaRefused("too_many_streams", sentence)
    return container


def first_video(container: InputContainer) -> VideoStream:
    """The stream of moving pictures that is taken where none is named. Raises `MediaRefused`."""
    return prepare_stream(container, chosen_video(container).index)


def prepare_stream(container: InputContainer, stream_index: int) -> VideoStream:
    """Make one video stream ready to decode, with bounded pictures and threads; the others are not read at all.

    Raises `MediaRefused`: no_video, no_frames when its codec is not known here, too_large.
    """
    stream = next((one for one in container.streams.video if one.index == stream_index), None)
    if stream is None:
        raise MediaRefused("no_video", f"stream {stream_index} of this file is not a video; probe it again")
    context = stream.codec_context
    if context is None:
        raise MediaRefused("no_frames", "its pictures are in a codec that cannot be decoded here; convert it to MP4")
    refuse_too_large(context.width, context.height)
    context.options = {"max_pixels": str(limits_in_force().max_pixels)}  # those of the container do not reach it
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
    limit = limits_in_force().max_pixels
    if width * height > limit:
        sentence = f"its pictures are {width}x{height}, more than {limit / 1e6:g} million pixels; add a smaller copy"
        raise MediaRefused("too_large", f"{sentence}, or allow more with SHOTLIST_MAX_PIXELS")


_TOO_LARGE_TO_OPEN = (
    f"only opening it takes more than {_OPENING_BYTES >> 20} MiB: its header is damaged or made to do harm; if players "
    "show it, convert it to MP4 and add that"
)
