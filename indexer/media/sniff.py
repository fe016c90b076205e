"""What a file is by its first bytes: to refuse playlists before a demuxer sees them, and to say why a file was refused.

FFmpeg opens playlists by content and then reads the files and addresses they name, whatever the file is called.
"""

import os
import re
import stat
from pathlib import Path

from indexer.errors import MediaRefused

_HEAD = 4096

_PLAYLISTS = (
    re.compile(rb"#EXTM3U"),  # M3U, HLS
    re.compile(rb"ffconcat\s+version", re.IGNORECASE),
    re.compile(rb"v=0\s*[\r\n]+o="),  # SDP
    re.compile(rb"\[playlist\]", re.IGNORECASE),  # PLS
    re.compile(rb"\[reference\]", re.IGNORECASE),  # old ASX
    re.compile(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(MPD|SmoothStreamingMedia|asx|playlist|smil)\b", re.I | re.S),
    re.compile(rb"RTSPtext|rtsptextRTSP", re.IGNORECASE),
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
    except (FileNotFoundError, NotADirectoryError):
        raise MediaRefused("missing", "there is no such file") from None
    except OSError as error:
        raise MediaRefused("unreadable", f"the file cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(kind.st_mode):
        raise MediaRefused("not_a_file", "this is not a regular file; only files can be indexed")
    if kind.st_size == 0:
        raise MediaRefused("empty", "the file is empty (0 bytes); copy it again from its source")
    head = _head(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    if any(playlist.match(head) for playlist in _PLAYLISTS):
        raise MediaRefused("playlist", "this is a playlist that points at other files; add those files themselves")


def refusal_of(path: Path) -> MediaRefused:
    """Why a file that no demuxer could open is refused."""
    head = _head(path)
    if _picture.match(head):
        return MediaRefused("no_video", "this is a still picture, not a video")
    if _container.match(head):
        return MediaRefused("damaged", "the file begins like a video but cannot be opened; it is cut short or damaged")
    return MediaRefused("not_media", "this is not a video, or of a kind that cannot be read here")


def _head(path: Path) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(fd, "rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise MediaRefused("unreadable", f"the file cannot be read: {error.strerror}") from None
