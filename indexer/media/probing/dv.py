"""What DV tape carries beside pictures: its timecode, and when it was recorded.

A DV frame is a row of sequences of 150 blocks of 80 bytes; block 1 and 2 hold subcode, 3 to 5 auxiliary video data, in
packs of five bytes whose first tells what they are. IEC 61834-2 (layout) and -4 (packs 13h, 62h and 63h); the numbers
are binary-coded decimals, and bits that are all set mean that nothing was recorded.
"""

from collections.abc import Iterator

from indexer.media.probing.coded_timecodes import smpte_text

_BLOCK = 80
_SEQUENCE = 150 * _BLOCK
_SUBCODE = tuple(block * _BLOCK + 3 + unit * 8 + 3 for block in (1, 2) for unit in range(6))
_AUXILIARY = tuple(block * _BLOCK + 3 + pack * 5 for block in (3, 4, 5) for pack in range(15))
_TIMECODE, _RECORDED_DAY, _RECORDED_TIME = 0x13, 0x62, 0x63
_NOTHING = 0xFF


def dv_timecode(frame: bytes) -> str | None:
    """The timecode of a DV frame, `;` before its frames where it drops some."""
    pack = _pack(frame, _TIMECODE, _SUBCODE)
    if pack is None or _NOTHING in pack[2:]:
        return None
    is_50_hz = bool(frame[3] & 0x80)  # there the drop-frame bit means something else
    return smpte_text(int.from_bytes(pack[1:], "big"), drops_frames=not is_50_hz)


def dv_recorded_at(frame: bytes) -> str | None:
    """The camera's date and time of recording, as `YYYY-MM-DD HH:MM:SS`."""
    day = _pack(frame, _RECORDED_DAY, _AUXILIARY + _SUBCODE)
    time = _pack(frame, _RECORDED_TIME, _AUXILIARY + _SUBCODE)
    if day is None or _NOTHING in day[2:]:
        return None
    date = f"{day[4]:02x}-{day[3] & 0x1F:02x}-{day[2] & 0x3F:02x}"
    century = "19" if day[4] >= 0x75 else "20"  # DV is of 1995
    if time is None or _NOTHING in time[2:]:
        return century + date
    return f"{century}{date} {time[4] & 0x3F:02x}:{time[3] & 0x7F:02x}:{time[2] & 0x7F:02x}"


def _pack(frame: bytes, kind: int, places: tuple[int, ...]) -> bytes | None:
    return next((pack for pack in _packs(frame, places) if pack[0] == kind and pack[1:] != b"\xff" * 4), None)


def _packs(frame: bytes, places: tuple[int, ...]) -> Iterator[bytes]:
    for start in range(0, len(frame) - _SEQUENCE + 1, _SEQUENCE):
        for place in places:
            yield frame[start + place : start + place + 5]
