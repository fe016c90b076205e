"""What a file is by its first bytes: to refuse playlists before a demuxer sees them, and to say why a file was refused.

FFmpeg opens playlists by content and then reads the files and addresses they name, whatever the file is called.
"""

import errno
import os
import re
import stat
from pathlib import Path

from indexer.errors import MediaError, MediaFailed, MediaRefused

_HEAD = 4096
_NO_ANSWER = (errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN)  # another try may have one

_PROLOGUE = rb"(<[?!][^>]*>\s*)*"  # of XML
_PLAYLISTS = (
    re.compile(rb"#EXTM3U"),  # M3U, HLS
    re.compile(rb"ffconcat\s+version|# mpv EDL|mplayer EDL|SMILtext|RTSPtext|rtsptextRTSP", re.IGNORECASE),
    re.compile(rb"v=0\s*[\r\n]+o="),  # SDP
    re.compile(rb"\[(playlist|reference|internetshortcut)\]", re.IGNORECASE),  # PLS, old ASX, web links
    re.compile(rb"(https?|rtsp|rtmp|mms|pnm|ftp|file)://[^\s]*\s", re.IGNORECASE),  # RealMedia's .ram, plain lists
    re.compile(
        _PROLOGUE + rb"<(MPD|SmoothStreamingMedia|asx|playlist|smil|manifest|mlt|embed|xspf|"
        rb"([\w-]+:)?(CompositionPlaylist|AssetMap|PackingList))\b",  # the last three: IMF and digital cinema packages
        re.IGNORECASE,
    ),
)
_PICTURES = (
    rb"\xff\xd8\xff",  # JPEG
    rb"\x89PNG\r\n\x1a\n",
    rb"BM.{4}\0\0\0\0",  # BMP
    rb"II\*\0|MM\0\*",  # TIFF, many raw formats
    rb"RIFF.{4}WEBP",
    rb".{4}ftyp(heic|heix|mif1|avif)",
    rb"8BPS|SDPX|XPDS|v/1\x01",  # Photoshop, DPX, OpenEXR
)
_CONTAINERS = (
    rb".{4}(ftyp|moov|mdat|free|skip|wide|pnot|styp|moof)",  # MP4, MOV
    rb"\x1a\x45\xdf\xa3",  # Matroska, WebM
    rb"RIFF.{4}(AVI |WAVE|AMV )|RF64",
    rb"\0\0\x01[\xba\xb3\xb0]",  # MPEG program and elementary streams
    rb"\x47.{187}\x47|.{4}\x47.{191}\x47",  # MPEG transport stream
    rb"FLV\x01|OggS|\.RMF|GIF8|YUV4MPEG2|DKIF|fLaC|ID3|FORM.{4}AIF|caff",
    rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
    rb"\x06\x0e\x2b\x34\x02\x05\x01\x01",  # MXF
    rb"\xb7\xd8\x00\x20\x37\x49\xda\x11",  # WTV
    rb"\0\0\0\0\x01\xbc",  # GXF
)
_picture = re.compile(b"|".join(_PICTURES), re.DOTALL)
_container = re.compile(b"|".join(_CONTAINERS), re.DOTALL)


def refuse_unsuitable(path: Path) -> None:
    """Raise `MediaRefused` for what no demuxer should see: no regular readable file, an empty one, a playlist."""
    try:
        kind = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(error) from None
    if not stat.S_ISREG(kind.st_mode):
        raise not_a_file()
    if kind.st_size == 0:
        raise MediaRefused("empty", "the file is empty (0 bytes); copy it again from its source")
    head = _text(_head(path)).lstrip(b"\xef\xbb\xbf \t\r\n")
    if any(playlist.match(head) for playlist in _PLAYLISTS):
        raise MediaRefused("playlist", "this is a playlist that points at other files; add those files themselves")


def refusal_of(path: Path) -> MediaRefused:
    """Why a file that no demuxer could open is refused."""
    head = _head(path)
    if _picture.match(head):
        return MediaRefused("no_video", "this is a still picture; only videos are indexed, so leave it out")
    if _container.match(head):
        sentence = "the file begins like a video but cannot be opened: it is cut short or damaged"
        return MediaRefused("damaged", f"{sentence}; copy it again from its source, or repair it")
    sentence = "this is not a video, or of a kind that cannot be read here"
    return MediaRefused("not_media", f"{sentence}; if players show it, convert it to MP4 and add that")


def unreadable(error: OSError | ValueError) -> MediaError:
    """What to say of a file that the system does not let us look at; no file has a name that is a `ValueError`."""
    if isinstance(error, OSError) and error.errno in _NO_ANSWER:
        return MediaFailed(
            "no_answer", f"its disk or share did not answer ({error.strerror}); see to it, then add it again"
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return MediaRefused("missing", "there is no such file; look at its name, and whether its disk is connected")
    return MediaRefused(
        "unreadable", f"the file cannot be read ({error.strerror}); allow it or mend it, then add it again"
    )


def not_a_file() -> MediaRefused:
    sentence = "this is a pipe, a device or a folder, not a regular file"
    return MediaRefused("not_a_file", f"{sentence}; name a regular file, or add the folder with: shotlist add")


def _text(head: bytes) -> bytes:
    """UTF-16, which some players write playlists in, as UTF-8; all else as it is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return head


def _head(path: Path) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(fd, "rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise unreadable(error) from None
