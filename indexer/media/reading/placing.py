"""Place the pictures of one stream in time, from its start or from a keyframe after a seek."""

from bisect import insort
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.media.pictures.scaling import PixelShapes
from indexer.media.reading.decoding import decoded_pictures, pictures_from_keyframe, stamp_of
from indexer.media.reading.rates import snapped
from indexer.media.reading.timeline import DecodeNotes, Timeline
from indexer.timecode import MICROSECONDS

T = TypeVar("T")

_USUAL_RATE = Fraction(25)
_IN_LINE = 3  # steps, at most, from the stamp before a stray one to the one after
_AHEAD = 10  # steps from which on a stamp is doubted
_SHORT_STEP = Fraction(1)  # second: within it time stamps can be in disorder, beyond it they have jumped

# Bare streams hold no time stamps. Those FFmpeg makes up are wrong where pictures are reordered.
_BARE = frozenset(
    {"h261", "h263", "m4v", "mpegvideo", "dirac", "vc1", "h264", "hevc", "vvc", "obu", "mjpeg", "cavsvideo"}
)
# These keep one clock from end to end: a long gap between frames is a still picture, not a jump.
_ONE_CLOCK = frozenset({"mov", "matroska", "webm", "avi", "mxf", "gif", "ogg", "nut", "asf"})


@dataclass(frozen=True, slots=True)
class Shaped:
    """A decoded picture and the shape of its pixels: width by height."""

    picture: VideoFrame
    pixel_shape: Fraction


@dataclass(frozen=True, slots=True)
class TimedPicture:
    """A decoded picture, not yet scaled, and when it is shown; with the next one, which had to be decoded to know."""

    t_us: int
    duration_us: int
    picture: VideoFrame
    pixel_shape: Fraction
    following: VideoFrame | None

    @property
    def end_us(self) -> int:
        return self.t_us + self.duration_us

    def __contains__(self, t_us: int) -> bool:
        return self.t_us <= t_us < self.end_us


def timeline_of(container: InputContainer, stream: VideoStream, notes: DecodeNotes) -> Timeline:
    rate = stream.guessed_rate or stream.average_rate or _USUAL_RATE
    one_clock = bool(_ONE_CLOCK & set(container.format.name.split(",")))
    claimed_us = (container.duration or 0) if one_clock else 0
    return Timeline(
        stream.time_base or Fraction(1, MICROSECONDS),
        snapped(rate),
        notes,
        longest_gap=Fraction(claimed_us, MICROSECONDS),
    )


def has_clock(container: InputContainer) -> bool:
    """Whether the time stamps of a file's pictures are its own."""
    return container.format.name not in _BARE


def timed_pictures(
    container: InputContainer, stream: VideoStream, *, timeline: Timeline, notes: DecodeNotes
) -> Iterator[TimedPicture]:
    """Every picture from where the container stands, in order of presentation.

    A picture lasts until the next; the last one as long as it says itself, else as long as the one before.
    """
    return _placed(decoded_pictures(container, stream, notes), container, stream, timeline=timeline, notes=notes)


def timed_pictures_from_keyframe(
    container: InputContainer, stream: VideoStream, *, timeline: Timeline, notes: DecodeNotes
) -> Iterator[TimedPicture]:
    """As `timed_pictures`, after a seek: from the first keyframe on, whole pictures only."""
    timeline.leap()
    pictures = pictures_from_keyframe(container, stream, notes)
    return _placed(pictures, container, stream, timeline=timeline, notes=notes)


def _placed(
    pictures: Iterator[VideoFrame],
    container: InputContainer,
    stream: VideoStream,
    *,
    timeline: Timeline,
    notes: DecodeNotes,
) -> Iterator[TimedPicture]:
    shapes = PixelShapes(stream)
    shaped = (Shaped(picture, shapes.of(picture)) for picture in pictures)
    if not has_clock(container):
        return _with_durations(((None, one) for one in shaped), timeline)
    step = timeline.ticks_of(timeline.step_us())
    return _with_durations(without_strays(_stamped(shaped, stream), notes, step=step), timeline)


def without_strays(
    stamped: Iterable[tuple[int | None, T]], notes: DecodeNotes, *, step: int
) -> Iterator[tuple[int | None, T]]:
    """Takes away a time stamp that is out of line where the next one follows the one before, as if it were not there.

    `step` is the usual distance of two stamps. A stamp that runs backward or far ahead is held until the next comes.
    """
    last: int | None = None
    doubtful: tuple[int, T] | None = None
    for stamp, one in stamped:
        if doubtful is not None and last is not None:
            stray = stamp is not None and last < stamp <= last + _IN_LINE * step
            notes.stray_times += stray
            yield (None if stray else doubtful[0]), doubtful[1]
            last = last if stray else doubtful[0]
            doubtful = None
        if stamp is not None and last is not None and not last <= stamp <= last + _AHEAD * step:
            doubtful = stamp, one
            continue
        yield stamp, one
        last = last if stamp is None else stamp
    if doubtful is not None:
        yield doubtful


def _stamped(pictures: Iterator[Shaped], stream: VideoStream) -> Iterator[tuple[int | None, Shaped]]:
    """Pictures with their time stamps in order.

    Decoders give pictures out in order of presentation. Time stamps that go back and forth among neighbours are those
    of decoding (some containers store no others): the same stamps, sorted, are the right ones.
    """
    short_step = int(_SHORT_STEP / (stream.time_base or Fraction(1, MICROSECONDS)))
    held: deque[Shaped] = deque()
    stamps: list[int] = []
    given: int | None = None
    for one in pictures:
        stamp = stamp_of(one.picture)
        jumps = bool(stamps) and stamp is not None and abs(stamp - stamps[-1]) > short_step
        repeats = stamp is not None and (stamp in stamps or (given is not None and stamp <= given))
        if stamp is None or jumps or repeats:  # what comes now is not in disorder with what is held
            yield from zip(stamps, held, strict=True)
            stamps, held, given = [], deque(), None
        if stamp is None:
            yield None, one
            continue
        insort(stamps, stamp)
        held.append(one)
        if len(held) > stream.codec_context.has_b_frames:
            given = stamps.pop(0)
            yield given, held.popleft()
    yield from zip(stamps, held, strict=True)


def _with_durations(pictures: Iterator[tuple[int | None, Shaped]], timeline: Timeline) -> Iterator[TimedPicture]:
    shown: Shaped | None = None
    t_us, lasts_us = 0, timeline.step_us()
    for stamp, one in pictures:
        next_us = timeline.place(stamp, one.picture.duration)
        if shown is not None:
            lasts_us = next_us - t_us
            yield TimedPicture(t_us, lasts_us, shown.picture, shown.pixel_shape, one.picture)
        shown, t_us = one, next_us
    if shown is not None:
        lasts_us = timeline.last_lasts_us() or lasts_us
        yield TimedPicture(t_us, lasts_us, shown.picture, shown.pixel_shape, None)
