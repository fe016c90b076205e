"""`shotlist probe`: what files are, or why they are refused. Needs no library."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click

from indexer import media
from indexer.bootstrap import media_limits
from indexer.cli.json_lines import print_line, probe_line, unreadable_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, as_json
from indexer.domain import MediaInfo
from indexer.errors import MediaError, MediaRefused
from indexer.settings import Settings
from indexer.timecode import clock, short_duration


@click.command("probe")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def command(files: tuple[Path, ...], json: bool) -> int:
    """Say what FILES are, without adding them: which streams would be taken and why, and what the files say of
    themselves. The true length is known only when all is decoded."""
    media.use_limits(media_limits(Settings()))
    unreadable = 0
    for path in files:
        try:
            info = media.probe(path)
        except MediaError as error:
            unreadable += 1
            _tell_error(path, error, json=json)
            continue
        if json:
            print_line(probe_line(path, info))
        else:
            _tell(path, info)
    return EXIT_ERROR if unreadable else 0


def _tell(path: Path, info: MediaInfo) -> None:
    click.echo(printable(path))
    for name, text in _facts(path, info):
        click.echo(f"  {name:<10}{printable(text)}")


def _tell_error(path: Path, error: MediaError, *, json: bool) -> None:
    if json:
        print_line(unreadable_line(path, error))
        return
    state = "refused" if isinstance(error, MediaRefused) else "failed"
    click.echo(f"{printable(path)}\n  {state:<10}{printable(error.message)} [{error.reason}]")


def _facts(path: Path, info: MediaInfo) -> Iterator[tuple[str, str]]:
    yield "container", _container(path, info)
    yield "video", f"stream {info.stream_index}, {info.stream_choice}"
    yield "pictures", ", ".join(_pictures(info))
    yield "rate", _rate(info)
    if info.claimed_duration_us is not None:
        yield "length", f"{short_duration(info.claimed_duration_us)}, as it claims"
    if info.start_us:
        sign = "-" if info.start_us < 0 else ""
        yield "starts", f"at {sign}{clock(abs(info.start_us))} on its own clock"
    if info.audio_stream_index is None:
        yield "sound", "none"
    else:
        codec = info.audio_codec or "unknown codec"
        yield "sound", f"stream {info.audio_stream_index}, {info.audio_choice}: {codec}"
    yield from _stated(info)
    taken = (info.stream_index, info.audio_stream_index)
    for one in info.streams:
        if one.index not in taken:
            told = (one.kind, one.codec, one.detail, one.language)
            yield "beside", f"stream {one.index}: {', '.join(part for part in told if part)}"
    for warning in info.warnings:
        yield "warning", warning


def _stated(info: MediaInfo) -> Iterator[tuple[str, str]]:
    """What only some files say of themselves."""
    if info.start_timecode:
        counting = "drop-frame, " if info.start_timecode.drop_frame else ""
        yield "timecode", f"{info.start_timecode.text} ({counting}from its {info.timecode_source})"
    for name, value in (
        ("reel", info.reel),
        ("card", info.card),
        ("recorded", info.recorded_at),
        ("title", info.title),
    ):
        if value:
            yield name, value


def _pictures(info: MediaInfo) -> Iterator[str]:
    yield f"{info.width}x{info.height}"
    if info.pixel_shape != 1:
        yield f"pixels {info.pixel_shape.numerator}:{info.pixel_shape.denominator}"
    if info.rotation:
        yield f"turned clockwise by {info.rotation} degrees"
    yield info.codec
    yield info.pixel_format if info.bits == 8 else f"{info.pixel_format} ({info.bits} bit)"
    if info.interlaced:
        yield "interlaced"
    if info.transfer:
        yield f"{info.transfer} (HDR)" if info.hdr else info.transfer


def _rate(info: MediaInfo) -> str:
    if info.rate:
        return f"{_number(info.rate)} frames a second"
    return f"varies, {_number(info.average_rate)} frames a second on average" if info.average_rate else "varies"


def _number(rate: Fraction) -> str:
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")


def _container(path: Path, info: MediaInfo) -> str:
    """One name of the several by which some containers go (`mov,mp4,m4a`): the file's own where it is among them."""
    names = info.container.split(",")
    suffix = path.suffix.lstrip(".").lower()
    return suffix if suffix in names else names[0]
