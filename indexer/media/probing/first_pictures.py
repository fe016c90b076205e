"""The beginning of a stream: its first pictures and packets, from which facts are read that no header states."""

from dataclasses import dataclass, field
from fractions import Fraction

from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.media.pictures.scaling import PixelShapes
from indexer.media.reading.decoding import HOPELESS, packets_of, pictures_of, stamp_of
from indexer.media.reading.frames import no_frames
from indexer.media.reading.placing import has_clock
from indexer.media.reading.timeline import FARTHEST_US, DecodeNotes
from indexer.timecode import MICROSECONDS, stream_time_us

_PICTURES = 10  # decoded: some streams say only after a while that they are interlaced
_PICTURE_BYTES = 256 << 20  # held at the same time, at most
_PACKETS = 300  # looked at for the frame rate
_BYTES = 32 << 20  # or until so much is read: intra-frame footage is large
_REORDERED = 16  # the last packets' neighbours may not have come yet
_KEPT_PACKETS = 32
_KEPT_BYTES = 150_000  # of each: the first sequence of any kind of DV


@dataclass(slots=True)
class FirstPictures:
    """What was found at the beginning: at least one picture."""

    pictures: list[VideoFrame] = field(default_factory=list)  # in the order they came out
    pixel_shape: Fraction = Fraction(1)  # of the first one: a pixel's width by its height
    start_us: int = 0  # its place on the file's own clock; 0 where there is none
    packets: list[bytes] = field(default_factory=list)  # the beginnings of the first ones
    stamps: list[int] = field(default_factory=list)  # presentation times of the packets from the first picture on
    unstamped: int = 0  # packets without any time

    def note(self, packet: "Packet[VideoStream]") -> None:
        """What is to be known of a packet before it is decoded."""
        if len(self.packets) < _KEPT_PACKETS:
            self.packets.append(bytes(memoryview(packet)[:_KEPT_BYTES]))
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is None:
            self.unstamped += 1
        elif not packet.is_discard:
            self.stamps.append(stamp)


def first_pictures(container: InputContainer, stream: VideoStream) -> FirstPictures:
    """Read the beginning of a stream. Raises `MediaRefused("no_frames")` where not one picture can be decoded."""
    shapes = PixelShapes(stream)
    found, notes = FirstPictures(), DecodeNotes()
    size = held = 0
    for number, packet in enumerate(packets_of(container, stream, notes)):
        if packet.size:
            found.note(packet)
        if len(found.pictures) < _PICTURES and held < _PICTURE_BYTES:
            pictures = pictures_of(packet, notes)
            held += sum(plane.buffer_size for one in pictures for plane in one.planes)
            if pictures and not found.pictures:
                found.pixel_shape = shapes.of(pictures[0])
            found.pictures += pictures
        size += packet.size
        enough = number >= _PACKETS or size > _BYTES
        if (found.pictures and enough) or number > HOPELESS:
            break
    if not found.pictures:
        raise no_frames()
    found.stamps = _settled(found) if has_clock(container) else []
    found.start_us = start_us(found.pictures, stream) if has_clock(container) else 0
    return found


def start_us(pictures: list[VideoFrame], stream: VideoStream) -> int:
    """When the first frame is shown, in microseconds: the earliest of the pictures that a decoder may hold back to put
    in order. 0 where none has a time stamp."""
    stamps = [stamp_of(one) for one in pictures[: stream.codec_context.reorder_depth + 1]]
    earliest = min((stamp for stamp in stamps if stamp is not None), default=0)
    start = stream_time_us(earliest, 0, stream.time_base or Fraction(1, MICROSECONDS))
    return max(-FARTHEST_US, min(start, FARTHEST_US))


def _settled(found: FirstPictures) -> list[int]:
    """The stamps none of whose neighbours are still to come, without those before the first picture."""
    settled = sorted(found.stamps)[:-_REORDERED] if len(found.stamps) > 4 * _REORDERED else found.stamps
    first = found.pictures[0].pts
    return [stamp for stamp in settled if first is None or stamp >= first]
