"""Read frames: all of them in order, or those shown at given times.

These run where they are called. On files of unknown origin call them inside a function given to `run_sandboxed`, or use
`sampled_pictures`, which does so.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from av.video.reformatter import Interpolation

from indexer.domain import Frame
from indexer.errors import MediaRefused
from indexer.media.decoding import timed_pictures, timeline_of
from indexer.media.opening import open_media, prepare_stream, refuse_too_large
from indexer.media.scaling import Scaler, fitted, shown_size
from indexer.media.seeking import SeekingReader
from indexer.media.timeline import DecodeNotes


def read_frames(
    path: Path, *, size: tuple[int, int], stream_index: int, notes: DecodeNotes | None = None
) -> Iterator[Frame]:
    """Every frame in order, upright and scaled to exactly `size` = (width, height) whatever the picture's shape.

    Scaled with swscale's FAST_BILINEAR while decoding: meant for detectors. `notes` counts what went wrong.
    Raises `MediaRefused` as `open_media` does, and no_frames where not one frame can be decoded.
    """
    notes = notes or DecodeNotes()
    scaler = Scaler(Interpolation.FAST_BILINEAR)
    with open_media(path) as container:
        stream = prepare_stream(container, stream_index)
        timeline = timeline_of(stream, notes)
        timed = None
        for timed in timed_pictures(container, stream, timeline=timeline, notes=notes):
            yield Frame(timed.t_us, timed.duration_us, scaler.scale(timed.picture, size))
        if timed is None:
            raise no_frames()


def frames_at(
    path: Path, times: Iterable[int], *, longest_side: int, stream_index: int, notes: DecodeNotes | None = None
) -> Iterator[Frame]:
    """For each wanted `t_us`, ascending, the frame that is shown then: the last one that begins at or before it.

    Before the first frame that is the first, after the last the last; a frame wanted twice comes twice. The frames are
    those of sequential reading, found by time stamp; seeking only skips decoding. In displayed shape, upright, scaled
    down so that no side exceeds `longest_side`, never up. Raises as `read_frames`.
    """
    notes = notes or DecodeNotes()
    scaler = Scaler(Interpolation.BICUBIC)
    with SeekingReader(path, stream_index, notes) as reader:
        frame: Frame | None = None
        for t_us in times:
            timed = reader.shown_at(t_us)
            if timed is None:
                raise no_frames()
            if frame is None or frame.t_us != timed.t_us:
                refuse_too_large(timed.picture.width, timed.picture.height)
                size = fitted(shown_size(timed.picture, reader.pixel_shape), longest_side)
                frame = Frame(timed.t_us, timed.duration_us, scaler.scale(timed.picture, size))
            yield frame


def no_frames() -> MediaRefused:
    return MediaRefused("no_frames", "not one picture of this video can be decoded")
