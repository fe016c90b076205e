"""The one pass over a file, as the rest of an ingest sees it: what it keeps on the way and, last, what it found."""

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from indexer import media, segmentation
from indexer.domain import Frame, MediaInfo
from indexer.errors import MediaFailed
from indexer.ingest.pass_messages import PassCheck, Passed, Read, Scanned, Told
from indexer.ingest.passing import broken_promises, read_here, scan_here, steps
from indexer.media import Spooled, SpoolOrder

media.preload("indexer.ingest.passing")
media.preload("indexer.segmentation.standard")


def scan(path: Path, info: MediaInfo, *, detector: str, order: SpoolOrder | None = None) -> Iterator[Passed | Scanned]:
    """Decode the whole file once, in a sandbox: yields how far it is and, last, what it found. So does the detector,
    but for one that loads a model: the sandbox would not let it, and that runs here."""
    way = scan_detecting_here if detector in segmentation.UNCONFINED else _scan_detecting_there
    with closing(way(path, info, detector=detector, order=order)) as found:
        for step in found:
            yield step
            if isinstance(step, Scanned):
                return
    raise MediaFailed("crashed", "decoding ended without a result")


def _scan_detecting_there(
    path: Path, info: MediaInfo, *, detector: str, order: SpoolOrder | None
) -> Generator[Passed | Scanned, None, None]:
    began = time.process_time()
    check = PassCheck(order, size=(0, 0))  # it sends no frames
    messages: Generator[Passed | Scanned, None, None]
    messages = media.run_sandboxed(scan_here, path, info, detector, order, returns=Passed | Scanned, check=check)
    with closing(messages):
        for step in messages:
            if isinstance(step, Scanned):
                yield replace(step, cpu_s=step.cpu_s + time.process_time() - began)
            else:
                yield step


def scan_detecting_here(
    path: Path, info: MediaInfo, *, detector: str, order: SpoolOrder | None
) -> Generator[Passed | Scanned, None, None]:
    """As `scan`, with the detector in this process, on frames that come from the sandbox."""
    shot_detector = segmentation.make_detector(detector)
    began = time.process_time()
    size, stream = shot_detector.size, info.stream_index
    check = PassCheck(order, size=size)
    messages: Generator[Read | Told, None, None]
    messages = media.run_sandboxed(read_here, path, size, stream, order, returns=Read | Told, check=check)
    with closing(messages):
        for reading, some in groupby(messages, key=lambda message: message.reading):
            told: list[Told] = []
            for step in steps(_unpacked(some, told), shot_detector, reading):
                if isinstance(step, Passed):
                    yield step
                    continue
                for end in told:  # none where reading begins again
                    warnings = end.warnings + broken_promises(info, end.decoded)
                    yield Scanned(step, end.decoded, warnings, end.cpu_s + time.process_time() - began)


def _unpacked(messages: Iterator[Read | Told], told: list[Told]) -> Iterator[Frame | Spooled]:
    for message in messages:
        if isinstance(message, Told):
            told.append(message)
        else:
            yield from message.spooled  # first: a candidate is there when its frame is
            yield from message.frames
