"""Read frames: all of them in order, or those shown at given times.

These run where they are called. On files of unknown origin call them inside a function given to `run_sandboxed`, or use
`sampled_pictures`, which does so.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.reformatter import Interpolation

from indexer.domain import Frame, Reading
from indexer.errors import MediaRefused
from indexer.media.pictures.scaling import Scaler
from indexer.media.reading.decoding import read_carefully
from indexer.media.reading.opening import open_media, prepare_stream
from indexer.media.reading.placing import TimedPicture, timed_pictures, timeline_of
from indexer.media.reading.rates import RateWatch
from indexer.media.reading.seeking import SeekingReader
from indexer.media.reading.showing import shown
from indexer.media.reading.spooled import Spooled, SpoolOrder
from indexer.media.reading.spooling import Spooler
from indexer.media.reading.timeline import DecodeNotes
from indexer.media.sandbox.limits import limits_in_force
from indexer.timecode import MICROSECONDS

_TICK = Fraction(1, MICROSECONDS)


def read_frames(
    path: Path,
    *,
    size: tuple[int, int],
    stream_index: int,
    reading: Reading = "fast",
    notes: DecodeNotes | None = None,
) -> Iterator[Frame]:
    """Every frame in order, upright and scaled to exactly `size` = (width, height) whatever the picture's shape.

    Scaled with swscale's FAST_BILINEAR while decoding, fields as they are: meant for detectors. `notes` tells, when all
    is read, how many frames there were, at what rate, and what went wrong; a damaged file gives the same frames every
    time only if the `reading` is careful. Raises `MediaRefused` as `open_media` does,
    and no_frames where not one frame can be decoded.
    """
    with open_media(path) as container:
        notes = notes or DecodeNotes()
        yield from frames_of(container, size=size, stream_index=stream_index, reading=reading, notes=notes)


def frames_of(
    container: InputContainer,
    *,
    size: tuple[int, int],
    stream_index: int,
    notes: DecodeNotes,
    reading: Reading = "fast",
) -> Iterator[Frame]:
    """As `read_frames`, from a container that is open, however long it goes on: memory does not grow with it."""
    pairs = _timed_frames(container, size=size, stream_index=stream_index, reading=reading, notes=notes)
    return (frame for frame, _ in pairs)


def read_and_spool(
    path: Path,
    *,
    size: tuple[int, int],
    stream_index: int,
    order: SpoolOrder | None,
    reading: Reading = "fast",
    notes: DecodeNotes | None = None,
) -> Iterator[Frame | Spooled]:
    """As `read_frames`, and on the way, each soon after its frame, the pictures that `order` asks for."""
    notes = notes or DecodeNotes()
    if order is None:
        yield from read_frames(path, size=size, stream_index=stream_index, reading=reading, notes=notes)
        return
    spooler = Spooler(order)
    with open_media(path) as container:
        pairs = _timed_frames(container, size=size, stream_index=stream_index, reading=reading, notes=notes)
        for frame, timed in pairs:
            yield from spooler.add(frame, timed)
            yield frame
        yield from spooler.finish()


def _timed_frames(
    container: InputContainer, *, size: tuple[int, int], stream_index: int, reading: Reading, notes: DecodeNotes
) -> Iterator[tuple[Frame, TimedPicture]]:
    """Each frame, and the picture it was scaled from."""
    scaler = Scaler(Interpolation.FAST_BILINEAR)
    stream = prepare_stream(container, stream_index)
    if reading == "careful":
        read_carefully(stream)
    timeline = timeline_of(container, stream, notes)
    notes.rates = RateWatch(
        _TICK, (stream.average_rate, stream.guessed_rate), rounded_to=(stream.time_base or 0) + _TICK
    )
    for timed in timed_pictures(container, stream, timeline=timeline, notes=notes):
        notes.frames += 1
        notes.end_us = timed.end_us
        notes.rates.add(timed.t_us)
        yield Frame(timed.t_us, timed.duration_us, scaler.scale(timed.picture, size)), timed
    if not notes.frames:
        raise no_frames()


def frames_at(
    path: Path,
    times: Iterable[int],
    *,
    longest_side: int,
    stream_index: int,
    reading: Reading = "fast",
    notes: DecodeNotes | None = None,
) -> Iterator[Frame]:
    """For each wanted `t_us`, ascending, the frame that is shown then: the last one that begins at or before it.

    Before the first frame that is the first, after the last the last; a frame wanted twice comes twice. The frames are
    those of sequential reading, found by time stamp; seeking only skips decoding. `reading` is what reading all
    frames told of the file (`DecodeNotes.decoded`). In displayed shape, upright, deinterlaced, scaled down so that no
    side exceeds `longest_side`, never up. Raises as `read_frames`, and `ValueError` for a time before the last one.
    """
    notes = notes or DecodeNotes()
    scaler = Scaler(Interpolation.BICUBIC)
    last = None
    with SeekingReader(path, stream_index, notes, reading=reading) as reader:
        frame: Frame | None = None
        for t_us in times:
            if last is not None and t_us < last:
                raise ValueError(f"pictures are read in order of time, but {t_us} us is wanted after {last} us")
            last = t_us
            timed = reader.shown_at(t_us)
            if timed is None:
                raise no_frames()
            if frame is None or frame.t_us != timed.t_us:
                frame = shown(timed, before=reader.before, scaler=scaler, longest_side=longest_side)
            yield frame


def no_frames() -> MediaRefused:
    limit = f"{limits_in_force().max_pixels / 1e6:g} million pixels"
    sentence = f"not one picture of this video can be decoded: they are damaged, or larger than {limit}"
    return MediaRefused("no_frames", f"{sentence}; copy it again from its source, or convert it to MP4")
