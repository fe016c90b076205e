"""How much memory a scan of a long film takes: the same after the first minutes as at the end, or it grows."""

import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.soak import descendants, resident
from data.demo import SAMPLES
from indexer import media
from indexer.ingest.pass_messages import Scanned
from indexer.ingest.scanning import scan
from indexer.settings import Settings

EVERY_S = 2.0
FILM = "harbour-at-sunset.mp4"
SETTLED_US = 5 * 60_000_000  # of footage: blocks and tables have their size by then


def measure_memory(hours: float) -> None:
    detector = Settings().detector
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as folder:
        film = looped(Path(folder), hours)
        samples = sampled(film, detector)
    print(f"{FILM} played for {hours:g} hours, detector {detector}: MiB of the process that decodes, and of this one")
    print("| footage | decoding | this process |\n|---|---|---|")
    for t_us, child, own in samples[:: max(1, len(samples) // 12)]:
        print(f"| {t_us / 60e6:.0f} min | {child:.0f} | {own:.0f} |")
    settled = [sample for sample in samples if sample[0] >= SETTLED_US]
    if settled:
        decoding, here = [one[1] for one in settled], [one[2] for one in settled]
        told = (
            f"decoding {min(decoding):.0f} to {max(decoding):.0f} MiB, this process {min(here):.0f} to {max(here):.0f}"
        )
        print(f"\nafter {SETTLED_US / 60e6:.0f} minutes of footage, {len(settled)} samples: {told}")


def looped(folder: Path, hours: float) -> Path:
    made = folder / "looped.mp4"
    command = [media.ffmpeg_program().path, "-v", "error", "-stream_loop", "-1", "-i", str(SAMPLES / FILM), "-an"]
    subprocess.run([*command, "-t", str(hours * 3600), "-c", "copy", str(made)], check=True)
    return made


def sampled(film: Path, detector: str) -> list[tuple[int, float, float]]:
    """(footage so far in us, MiB of the child that is largest, MiB of this process), every two seconds."""
    samples: list[tuple[int, float, float]] = []
    reached, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY_S):
            below = [resident(pid) for pid in descendants(os.getpid())]
            samples.append((reached[0], max(below, default=0.0), resident(os.getpid())))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.monotonic()
    try:
        for step in scan(film, media.probe(film), detector=detector):
            if isinstance(step, Scanned):
                print(f"{step.decoded.frames} frames, {len(step.plan.cuts)} cuts")
            else:
                reached[0] = step.t_us
    finally:
        ended.set()
        watcher.join()
    print(f"{time.monotonic() - began:.0f} s")
    return samples
