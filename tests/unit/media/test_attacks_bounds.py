"""Claims, heaps and depths: what a header says costs nothing until it is true."""

import os
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.errors import MediaFailed, MediaRefused
from indexer.media import Limits, probe, run_sandboxed
from indexer.media.reading.opening import file_address
from tests.fakes.hostile_files import atom, cluster, element, matroska, number, png, track_entry, tracks
from tests.fakes.looks import look_into

GIB = 1 << 30
ENTRY = track_entry(1, four_letters=b"MPNG")
FOUR = cluster(*[(1, 40 * place, png(64, 64)) for place in range(4)])
FTYP = atom(b"ftyp", b"isom\0\0\2\0isom")
QUICK = Limits(stall_s=2.0)


def tag(name: bytes, value: bytes) -> bytes:
    return element(0x7373, element(0x67C8, element(0x45A3, name), element(0x4487, value)))


def deep_elements() -> bytes:
    nested = b""
    for _ in range(3000):
        nested = element(0x1254C367, nested)
    return matroska(tracks(ENTRY), nested, FOUR)


def chapters() -> bytes:
    one = [
        element(0xB6, number(0x73C4, place + 1), number(0x91, place * 1000), element(0x80, element(0x85, b"x")))
        for place in range(50_000)
    ]
    return matroska(tracks(ENTRY), element(0x1043A770, element(0x45B9, *one)), FOUR)


HARMLESS: dict[str, Callable[[], bytes]] = {
    "a million hours": lambda: matroska(tracks(ENTRY), FOUR, duration=3.6e12),
    "a title of 100 MB": lambda: matroska(tracks(ENTRY), element(0x1254C367, tag(b"TITLE", b"a" * 100_000_000)), FOUR),
    "50,000 chapters": chapters,
    "3,000 elements deep": deep_elements,
}


@pytest.mark.parametrize("name", HARMLESS)
def test_the_pictures_are_read_all_the_same(tmp_path: Path, name: str) -> None:
    path = tmp_path / "claims.mkv"
    path.write_bytes(HARMLESS[name]())
    look = look_into(path)
    assert (look.reason, look.frames) == ("", 4)
    assert look.peak_bytes < GIB


def deep_atoms() -> bytes:
    nested = bytes(8)
    for _ in range(5000):
        nested = atom(b"moov", nested)
    return FTYP + nested


def packed_header() -> bytes:
    """QuickTime's compressed header: 1 GiB of zeros, said to be 4 GiB."""
    packed = zlib.compressobj(9)
    zeros = b"".join(packed.compress(bytes(1 << 20)) for _ in range(1024)) + packed.flush()
    claim = struct.pack(">I", (1 << 32) - 1000)
    return atom(b"moov", atom(b"cmov", atom(b"dcom", b"zlib"), atom(b"cmvd", claim, zeros)))


def long_tables() -> bytes:
    table = atom(b"stsz", struct.pack(">III", 0, 0, 200_000_000))
    inside = atom(b"trak", atom(b"mdia", atom(b"minf", atom(b"stbl", table))))
    return FTYP + struct.pack(">I", 1 << 30) + b"moov" + inside


HOPELESS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "5,000 atoms deep": (deep_atoms, {"damaged"}),
    "a packed header": (packed_header, {"damaged", "too_large"}),
    "a header that claims 1 GiB": (long_tables, {"damaged"}),
    "packets that are no pictures": (
        lambda: matroska(tracks(ENTRY), cluster(*[(1, place, b"junk") for place in range(20_000)])),
        {"no_frames"},
    ),
    "600 streams": (
        lambda: matroska(tracks(*[track_entry(place, four_letters=b"MPNG") for place in range(1, 601)]), FOUR),
        {"too_many_streams"},
    ),
    "2,000 streams": (
        lambda: matroska(tracks(*[track_entry(place, four_letters=b"MPNG") for place in range(1, 2001)]), FOUR),
        {"too_many_streams"},
    ),
}


@pytest.mark.parametrize("name", HOPELESS)
def test_refused_at_little_cost(tmp_path: Path, name: str) -> None:
    make, reasons = HOPELESS[name]
    path = tmp_path / "hopeless.mp4"
    path.write_bytes(make())
    look = look_into(path)
    assert look.reason in reasons
    assert look.peak_bytes < GIB


def test_the_refusal_of_many_streams_says_how_many(tmp_path: Path) -> None:
    path = tmp_path / "many.mkv"
    path.write_bytes(HOPELESS["600 streams"][0]())
    with pytest.raises(MediaRefused, match="600 streams, more than 500"):
        probe(path)


@pytest.mark.parametrize("start", [FTYP, b"\0\0\1\xba" + bytes(20), b"\x47" + bytes(187) + b"\x47"])
def test_a_hole_of_a_terabyte(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "hole.mp4"
    with path.open("wb") as file:
        file.write(start)
        try:
            file.truncate(1 << 40)
        except OSError:
            file.truncate(1 << 36)  # file systems differ in what they allow
    look = look_into(path)
    assert look.reason in ("damaged", "not_media", "no_video", "no_frames")
    assert look.peak_bytes < GIB


def test_tags_that_take_for_ever(tmp_path: Path) -> None:
    """FFmpeg compares each tag with all before it."""
    heap = element(0x1254C367, *[tag(b"T%d" % place, b"x") for place in range(150_000)])
    path = tmp_path / "tags.mkv"
    path.write_bytes(matroska(tracks(ENTRY), heap, FOUR))
    with pytest.raises(MediaFailed) as caught:
        look_into(path, limits=QUICK)
    assert caught.value.reason == "hung"


def open_unchecked(path: Path) -> Iterator[int]:
    """As when a pipe takes a file's place after it was looked at."""
    import av

    with av.open(file_address(path)):
        yield 1


def test_a_pipe_that_took_a_files_place(tmp_path: Path) -> None:
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    with pytest.raises(MediaFailed) as caught:
        list(run_sandboxed(open_unchecked, path, limits=Limits(stall_s=0.5), returns=int))
    assert caught.value.reason == "hung"


def test_pictures_that_memory_has_no_room_for(tmp_path: Path) -> None:
    path = tmp_path / "large.mkv"
    large = png(5900, 5900)
    entry = track_entry(1, four_letters=b"MPNG", size=(5900, 5900))
    path.write_bytes(matroska(tracks(entry), cluster(*[(1, 40 * place, large) for place in range(4)])))
    with pytest.raises(MediaFailed) as caught:
        look_into(path, limits=Limits(memory_bytes=320 << 20))
    assert caught.value.reason == "out_of_memory"
    assert "0.3125 GiB" in caught.value.message


def test_a_bad_file_stops_no_other(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.mkv", tmp_path / "good.mkv"
    bad.write_bytes(HOPELESS["packets that are no pictures"][0]())
    good.write_bytes(matroska(tracks(ENTRY), FOUR))
    looks: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda path=path: looks.__setitem__(path.name, look_into(path).reason))
        for path in (bad, good, bad, good)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert looks == {"bad.mkv": "no_frames", "good.mkv": ""}
