"""The one pass over a file, as it runs in the sandbox: every picture is decoded once."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from indexer import media, segmentation
from indexer.domain import Decoded, Frame, MediaInfo, Reading
from indexer.ingest.pass_messages import Passed, Read, Scanned, Told
from indexer.media import DecodeNotes, Spooled, SpoolOrder
from indexer.segmentation import Candidate, Plan, ShotDetector
from indexer.timecode import short_duration

T = TypeVar("T")

_BATCH = 25  # frames and kept pictures in a message
_NOT_WORTH_TELLING_US = 1_000_000


def scan_here(path: Path, info: MediaInfo, detector: str, order: SpoolOrder | None) -> Iterator[Passed | Scanned]:
    """Read all frames, and find the shots: yields how far it is and, last, what it found."""

    def once(reading: Reading, notes: DecodeNotes) -> Generator[Passed | Scanned, None, None]:
        shot_detector = segmentation.make_detector(detector)
        size, stream = shot_detector.size, info.stream_index
        passing = media.read_and_spool(path, size=size, stream_index=stream, order=order, reading=reading, notes=notes)
        for step in steps(passing, shot_detector, reading):
            if isinstance(step, Plan):
                warnings = notes.warnings + broken_promises(info, notes.decoded)
                yield Scanned(step, notes.decoded, warnings, time.process_time())
            else:
                yield step

    return carefully_if_damaged(once)


def read_here(path: Path, size: tuple[int, int], stream_index: int, order: SpoolOrder | None) -> Iterator[Read | Told]:
    """Read all frames at this size, for a detector that is elsewhere."""

    def once(reading: Reading, notes: DecodeNotes) -> Generator[Read | Told, None, None]:
        passing = media.read_and_spool(
            path, size=size, stream_index=stream_index, order=order, reading=reading, notes=notes
        )
        frames: list[Frame] = []
        kept: list[Spooled] = []
        for one in passing:
            if isinstance(one, Frame):
                frames.append(one)
            else:
                kept.append(one)
            if len(frames) + len(kept) == _BATCH:
                yield Read(reading, tuple(frames), tuple(kept))
                frames, kept = [], []
        yield Read(reading, tuple(frames), tuple(kept))
        yield Told(reading, notes.decoded, notes.warnings, time.process_time())

    return carefully_if_damaged(once)


def carefully_if_damaged(read: Callable[[Reading, DecodeNotes], Generator[T, None, None]]) -> Iterator[T]:
    """What `read` gives. Where damage shows that is ended, and it begins again, carefully: then the frames found are
    those that will be found again."""
    notes = DecodeNotes()
    with closing(read("fast", notes)) as steps_of_it:
        for step in steps_of_it:
            if notes.damaged:
                break
            yield step
        else:
            return
    yield from read("careful", DecodeNotes())


def steps(passing: Iterable[Frame | Spooled], detector: ShotDetector, reading: Reading) -> Iterator[Passed | Plan]:
    """Run the detector over the frames: yields how far it is, with what was kept meanwhile, and last the plan."""
    kept: list[Spooled] = []
    candidates: list[Candidate] = []
    for step in segmentation.scan(_frames_alone(passing, kept, candidates), detector, candidates):
        yield Passed(step.end_us if isinstance(step, Plan) else step, reading, tuple(kept))
        kept.clear()
        if isinstance(step, Plan):
            yield step


def _frames_alone(
    passing: Iterable[Frame | Spooled], kept: list[Spooled], candidates: list[Candidate]
) -> Iterator[Frame]:
    """The frames alone; what was kept between them is put aside."""
    for one in passing:
        if isinstance(one, Frame):
            yield one
            continue
        kept.append(one)
        if one.sharpness is not None:
            candidates.append(Candidate(one.t_us, one.sharpness))


def broken_promises(info: MediaInfo, decoded: Decoded) -> tuple[str, ...]:
    """What the header claimed and decoding did not find, for the report."""
    told = []
    claimed = 0 if len(decoded.stretches) > 1 else info.claimed_duration_us or 0  # jumps are told, and make claims long
    if claimed - decoded.end_us > max(_NOT_WORTH_TELLING_US, claimed // 100):
        ends, promised = short_duration(decoded.end_us), short_duration(claimed)
        told.append(f"its pictures end at {ends}, though its header claims {promised}; all there are were kept")
    if info.rate is not None and decoded.rate is None:
        told.append(f"its frame rate varies, though it begins at {float(info.rate):g} frames a second")
    return tuple(told)
