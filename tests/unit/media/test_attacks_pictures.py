"""Pictures that are bombs: refused or left out, at little cost, wherever in a file they stand."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from indexer.errors import MediaRefused
from indexer.media import Limits, probe, use_limits
from tests.fakes.hostile_files import (
    Track,
    apng,
    claiming_jpeg,
    claiming_mpeg2,
    cluster,
    element,
    encoded,
    gif,
    matroska,
    number,
    png,
    track_entry,
    tracks,
    webp,
    write_container,
)
from tests.fakes.looks import look_into

GIB = 1 << 30
HUGE = (16_000, 16_000)
Maker = Callable[[Path], object]


@lru_cache
def small_png() -> bytes:
    return png(64, 64)


@lru_cache
def png_bomb() -> bytes:
    return png(12_000, 12_000)


@lru_cache
def jpeg_bomb() -> bytes:
    return claiming_jpeg(encoded("mjpeg", 1, pixel_format="yuvj420p")[0], *HUGE)


@lru_cache
def mpeg2() -> list[bytes]:
    return encoded("mpeg2video", 24)


def mpeg2_bomb() -> list[bytes]:
    return [claiming_mpeg2(packet, *HUGE) for packet in mpeg2()]


def in_matroska(*streams: list[bytes], size: tuple[int, int] = (64, 64)) -> bytes:
    entries = [track_entry(place, four_letters=b"MPNG", size=size) for place in range(1, len(streams) + 1)]
    packets = [
        (place, 40 * number, packet)
        for place, stream in enumerate(streams, start=1)
        for number, packet in enumerate(stream)
    ]
    return matroska(tracks(*entries), cluster(*sorted(packets, key=lambda packet: packet[1])))


def pngs(*streams: list[bytes]) -> list[Track]:
    return [Track("png", stream) for stream in streams]


def mpegs(*streams: list[bytes]) -> list[Track]:
    return [Track("mpeg2video", stream, pixel_format="yuv420p") for stream in streams]


def jpegs() -> list[Track]:
    return [Track("mjpeg", [jpeg_bomb()] * 8, pixel_format="yuvj420p")]


BOMBS: dict[str, Maker] = {
    "png.mkv": lambda path: path.write_bytes(in_matroska([png_bomb()] * 8, size=(12_000, 12_000))),
    "png_small_header.mkv": lambda path: path.write_bytes(in_matroska([png_bomb()] * 8)),
    "png.avi": lambda path: write_container(path, pngs([png_bomb()] * 8)),
    "png.mov": lambda path: write_container(path, pngs([png_bomb()] * 8)),
    "png.nut": lambda path: write_container(path, pngs([png_bomb()] * 8)),
    "jpeg.avi": lambda path: write_container(path, jpegs()),
    "jpeg.mov": lambda path: write_container(path, jpegs()),
    "jpeg.mjpeg": lambda path: write_container(path, jpegs(), container="mjpeg"),
    "mpeg2.ts": lambda path: write_container(path, mpegs(mpeg2_bomb())),
    "mpeg2.mpg": lambda path: write_container(path, mpegs(mpeg2_bomb()), container="vob"),
    "mpeg2.m2v": lambda path: write_container(path, mpegs(mpeg2_bomb()), container="mpeg2video"),
    "mpeg2.mxf": lambda path: write_container(path, mpegs(mpeg2_bomb())),
    "animation.gif": lambda path: path.write_bytes(gif(60_000, 60_000, 100)),
    "animation.apng": lambda path: path.write_bytes(apng(12_000, 12_000, 50)),
    "animation_named.mp4": lambda path: path.write_bytes(apng(12_000, 12_000, 50)),
    "animation.webp": lambda path: path.write_bytes(webp(16_000, 16_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_nothing_of_a_bomb_is_decoded(tmp_path: Path, name: str) -> None:
    BOMBS[name](tmp_path / name)
    look = look_into(tmp_path / name)
    assert look.reason in ("too_large", "no_frames", "no_video")
    assert look.peak_bytes < GIB


MIXED: dict[str, Maker] = {
    "second_stream.mkv": lambda path: path.write_bytes(in_matroska([small_png()] * 8, [png_bomb()] * 8)),
    "second_stream.avi": lambda path: write_container(path, pngs([small_png()] * 8, [png_bomb()] * 8)),
    "second_stream.ts": lambda path: write_container(path, mpegs(mpeg2(), mpeg2_bomb())),
    "size_change.mkv": lambda path: path.write_bytes(in_matroska([small_png()] * 8 + [png_bomb()] * 8)),
    "size_change.ts": lambda path: write_container(path, mpegs(mpeg2() + mpeg2_bomb())),
}


@pytest.mark.parametrize("name", MIXED)
def test_a_bomb_beside_good_pictures_costs_only_itself(tmp_path: Path, name: str) -> None:
    MIXED[name](tmp_path / name)
    look = look_into(tmp_path / name)
    assert (look.reason, look.size) == ("", (64, 64))
    assert 7 <= look.frames <= 24
    assert look.peak_bytes < GIB


def test_a_bomb_as_cover_is_never_decoded(tmp_path: Path) -> None:
    """A Matroska attachment that is shown as a cover picture."""
    named = element(0x466E, b"cover.png") + element(0x4660, b"image/png") + number(0x46AE, 1)
    attached = element(0x61A7, named, element(0x465C, png_bomb()))
    entry = track_entry(1, four_letters=b"MPNG")
    pictures = cluster(*[(1, 40 * place, small_png()) for place in range(8)])
    path = tmp_path / "cover.mkv"
    path.write_bytes(matroska(tracks(entry), element(0x1941A469, attached), pictures))
    look = look_into(path)
    assert (look.reason, look.frames) == ("", 8)
    assert look.peak_bytes < GIB


@pytest.mark.parametrize("container", ["matroska", "mpegts", "avi"])
def test_the_limit_is_a_setting(tmp_path: Path, container: str) -> None:
    path = write_container(tmp_path / "small", mpegs(mpeg2()), container=container)
    assert look_into(path).reason == ""
    assert look_into(path, limits=Limits(max_pixels=64 * 64)).reason == ""
    assert look_into(path, limits=Limits(max_pixels=64 * 64 - 1)).reason in ("too_large", "no_frames")


def test_the_limits_in_force_reach_the_child(tmp_path: Path) -> None:
    path = write_container(tmp_path / "small.mkv", mpegs(mpeg2()))
    use_limits(Limits(max_pixels=1000))
    try:
        with pytest.raises(MediaRefused) as caught:
            probe(path)
    finally:
        use_limits(Limits())
    assert caught.value.reason in ("too_large", "no_frames")
    assert probe(path).width == 64
