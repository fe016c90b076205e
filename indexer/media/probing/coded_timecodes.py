"""Timecodes that stand among the coded pictures: MPEG group headers, and SMPTE 12M fields of H.264 and HEVC.

Sources: ISO/IEC 13818-2, 6.3.8 (group of pictures header) and 6.3.9 (temporal reference); SMPTE ST 12-1, in the
arrangement of FFmpeg's `av_timecode_get_smpte`, to which its decoders bring what H.264 and HEVC state.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from av.video.frame import VideoFrame

from indexer.media.pictures.side_data import side_data

_GROUP = re.compile(rb"\x00\x00\x01\xb8.{4}.*?\x00\x00\x01\x00(.{2})", re.DOTALL)  # a group's header, then a picture's
_ZERO = re.compile(r"00:00:00[:;]00")
_FAST = 30  # frames a second, above which two frames share a number


@dataclass(frozen=True, slots=True)
class StatedTimecode:
    """A timecode as a file states it, where, and how many frames before our first picture."""

    text: str
    source: str
    frames_before: int = 0


def coded_timecodes(
    pictures: Sequence[VideoFrame], packets: Sequence[bytes], rate: Fraction | None
) -> Iterator[StatedTimecode]:
    """The timecodes of the first pictures, which come in order of presentation; `packets` in the order they came."""
    for stated in (_group_timecode(pictures, packets), _field_timecode(pictures, rate)):
        # Encoders that were told no time begin at zero, whatever they encode: that is no timecode.
        if stated is not None and not _ZERO.fullmatch(stated.text):
            yield stated


def smpte_text(word: int, *, drops_frames: bool) -> str:
    """A timecode from the 32 bits of SMPTE 12M: frames first, in binary-coded decimals, with their flags between."""
    frames, seconds, minutes, hours = word >> 24 & 0x3F, word >> 16 & 0x7F, word >> 8 & 0x7F, word & 0x3F
    separator = ";" if drops_frames and word >> 30 & 1 else ":"
    return f"{hours:02x}:{minutes:02x}:{seconds:02x}{separator}{frames:02x}"


def _group_timecode(pictures: Sequence[VideoFrame], packets: Sequence[bytes]) -> StatedTimecode | None:
    """The code is that of the group's first picture as shown, but stands with the first as coded. Of a group that was
    cut from what came before it, the pictures shown first may be missing."""
    for place, picture in enumerate(pictures):
        data = side_data(picture, "GOP_TIMECODE")
        if data is not None:
            code = int.from_bytes(data[:8], "little")
            hours, minutes, seconds, frames = code >> 19 & 0x1F, code >> 13 & 0x3F, code >> 6 & 0x3F, code & 0x3F
            separator = ";" if code >> 24 & 1 else ":"
            text = f"{hours:02}:{minutes:02}:{seconds:02}{separator}{frames:02}"
            return StatedTimecode(text, "MPEG GOP header", max(0, _temporal_reference(packets) - place))
    return None


def _temporal_reference(packets: Sequence[bytes]) -> int:
    """The place in order of presentation of the picture that is coded first in the first group; 0 where unknown."""
    match = next(filter(None, map(_GROUP.search, packets)), None)
    return int.from_bytes(match[1], "big") >> 6 if match else 0


def _field_timecode(pictures: Sequence[VideoFrame], rate: Fraction | None) -> StatedTimecode | None:
    data = side_data(pictures[0], "S12M_TIMECODE")
    if data is None or len(data) < 8 or not int.from_bytes(data[:4], "little"):  # how many there are
        return None
    word = int.from_bytes(data[4:8], "little")
    text = smpte_text(word, drops_frames=True)
    if rate is not None and rate > _FAST:
        second_of_pair = word >> (7 if round(rate) == 50 else 23) & 1
        text = f"{text[:9]}{int(text[9:]) * 2 + second_of_pair:02}" if text[9:].isdecimal() else text
    return StatedTimecode(text, "timecode SEI")
