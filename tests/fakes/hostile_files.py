"""Files that attack whoever opens them: pictures that are bombs, false claims, and containers written by hand."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

Packets = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Track:
    """A video stream to write: what its header says, and the packets as they are."""

    codec: str
    packets: Packets
    size: tuple[int, int] = (64, 64)
    pixel_format: str = "rgb24"


def png(width: int, height: int) -> bytes:
    """A black PNG: 12000x12000 is 0.4 MB as a file, 432 MB decoded."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * width)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def apng(width: int, height: int, pictures: int) -> bytes:
    """An animated PNG that claims a canvas and has the tiniest of pictures on it."""
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        _chunk(b"acTL", struct.pack(">II", pictures, 0)),
    ]
    number = 0
    for index in range(pictures):
        chunks.append(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, 0, 0, 1, 25, 0, 0)))
        number += 1
        rows = zlib.compress(bytes(1 << 20), 9)
        if index == 0:
            chunks.append(_chunk(b"IDAT", rows))
        else:
            chunks.append(_chunk(b"fdAT", struct.pack(">I", number) + rows))
            number += 1
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + _chunk(b"IEND", b"")


def gif(width: int, height: int, pictures: int) -> bytes:
    """An animated GIF whose pictures are one pixel each on a canvas as large as it claims."""
    one = b"\x21\xf9\x04\x00\x04\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + one * pictures + b";"


def webp(width: int, height: int) -> bytes:
    """An animated WebP without its pictures: only what it claims."""
    canvas = b"\x02\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + canvas + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encoded(codec: str, count: int, *, size: tuple[int, int] = (64, 64), pixel_format: str = "yuv420p") -> list[bytes]:
    """Packets of grey pictures."""
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height = size
    context.pix_fmt = pixel_format
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    packets = []
    for number in range(count):
        grey = np.full((size[1], size[0], 3), 8 * number % 256, np.uint8)
        picture = av.VideoFrame.from_ndarray(grey, format="rgb24").reformat(format=pixel_format)
        picture.pts, picture.time_base = number, Fraction(1, 25)
        packets += [bytes(packet) for packet in context.encode(picture)]
    return packets + [bytes(packet) for packet in context.encode(None)]


def claiming_mpeg2(packet: bytes, width: int, height: int) -> bytes:
    """An MPEG-2 packet whose sequence header and its extension claim another size."""
    data = bytearray(packet)
    header = data.find(b"\0\0\1\xb3")
    if header < 0:
        return packet
    data[header + 4 : header + 7] = ((width & 0xFFF) << 12 | height & 0xFFF).to_bytes(3, "big")
    extension = data.find(b"\0\0\1\xb5", header) + 4
    bits = int.from_bytes(data[extension : extension + 4], "big")
    bits = bits & ~(0xF << 13) | (width >> 12) << 15 | (height >> 12) << 13
    data[extension : extension + 4] = bits.to_bytes(4, "big")
    return bytes(data)


def claiming_jpeg(packet: bytes, width: int, height: int) -> bytes:
    """A JPEG that claims another size."""
    data = bytearray(packet)
    frame = data.find(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def write_container(path: Path, tracks: Sequence[Track], *, container: str | None = None) -> Path:
    """Write packets as they are, all key frames, 25 a second."""
    with av.open(str(path), "w", format=container) as output:
        streams = []
        for track in tracks:
            stream = output.add_stream(track.codec, rate=25)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height = track.size
            stream.pix_fmt = track.pixel_format
            streams.append(stream)
        output.start_encoding()
        for number in range(max(len(track.packets) for track in tracks)):
            for stream, track in zip(streams, tracks, strict=True):
                if number < len(track.packets):
                    packet = av.Packet(track.packets[number])
                    packet.stream = stream
                    packet.pts = packet.dts = number
                    packet.time_base = Fraction(1, 25)
                    packet.is_keyframe = True
                    output.mux(packet)
    return path


# -- Matroska, by hand -----------------------------------------------------------------------------------------------


def element(name: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    width = (name.bit_length() + 7) // 8
    return name.to_bytes(width, "big") + (0x01 << 56 | len(content)).to_bytes(8, "big") + content


def number(name: int, value: int) -> bytes:
    return element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def matroska(*parts: bytes, duration: float | None = None) -> bytes:
    """A whole file of these top-level parts; `duration` is what it claims, in milliseconds."""
    header = element(0x1A45DFA3, element(0x4282, b"matroska"), number(0x4287, 4), number(0x4285, 2))
    claim = element(0x4489, struct.pack(">d", duration)) if duration else b""
    information = element(0x1549A966, number(0x2AD7B1, 1_000_000), claim)
    return header + element(0x18538067, information, *parts)


def track_entry(index: int, *, four_letters: bytes, size: tuple[int, int] = (64, 64)) -> bytes:
    """A video track in a codec that AVI knows by four letters: `MPNG`, `MJPG`."""
    bitmap = struct.pack("<IiiHH4sIiiII", 40, *size, 1, 24, four_letters, 0, 0, 0, 0, 0)
    video = element(0xE0, number(0xB0, size[0]), number(0xBA, size[1]))
    codec = element(0x86, b"V_MS/VFW/FOURCC") + element(0x63A2, bitmap)
    return element(0xAE, number(0xD7, index), number(0x73C5, index), number(0x83, 1), codec, video)


def tracks(*entries: bytes) -> bytes:
    return element(0x1654AE6B, *entries)


def cluster(*packets: tuple[int, int, bytes]) -> bytes:
    """Packets as (track, milliseconds, content)."""
    blocks = [element(0xA3, struct.pack(">HhB", 0x4000 | track, at, 0x80), data) for track, at, data in packets]
    return element(0x1F43B675, number(0xE7, 0), *blocks)


# -- QuickTime, by hand ----------------------------------------------------------------------------------------------


def atom(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I", 8 + len(content)) + kind + content


def referring_movie(movie: bytes, target: Path) -> bytes:
    """The movie with its media data said to lie in another file: an alias with an absolute path, and a URL."""
    path = bytes(target)
    alias = bytes(10) + b"\x01/" + bytes(26 + 12) + b"\x01x" + bytes(62 + 16) + struct.pack(">hh", 1, 1) + bytes(16)
    alias += struct.pack(">hH", 2, len(path)) + path + bytes(len(path) % 2) + struct.pack(">hH", -1, 0)
    entries = atom(b"alis", bytes(4), alias), atom(b"url ", bytes(4), b"file://" + path + b"\0")
    return _with_references(movie, atom(b"dref", bytes(4), struct.pack(">I", len(entries)), *entries))


def _with_references(atoms: bytes, references: bytes) -> bytes:
    made, place = [], 0
    while place < len(atoms):
        length, kind = struct.unpack_from(">I4s", atoms, place)
        whole = atoms[place : place + length]
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            whole = atom(kind, _with_references(whole[8:], references))
        made.append(references if kind == b"dref" else whole)
        place += length
    return b"".join(made)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
