"""Draws every clip that training and the report need, side by side in processes.

Apart from the command: what processes are to do must be found in a module that they can import.
"""

from multiprocessing import get_context
from pathlib import Path

from benchmarks.sample_captioner.drawing import Store, draw_clips, seeds
from benchmarks.sample_captioner.masks import draw_masks

UNSEEN = 6400
MASKED_SHARE = 5  # of every so many clips one gets masks


def draw_all(work: Path, clips: int, processes: int) -> None:
    """One process a part."""
    with get_context("spawn").Pool(processes) as pool:
        pool.starmap(draw, [(work, clips, part, processes) for part in range(processes)])


def draw(work: Path, clips: int, part: int, parts: int) -> None:
    for name, count in (("train", clips), ("unseen", UNSEEN)):
        draw_clips(Store(work, f"{name}-{part}"), seeds(f"{name}-{part}", count // parts))
    draw_masks(Store(work, f"train-{part}"), clips // parts // MASKED_SHARE)


def stores(work: Path, name: str) -> tuple[Store, ...]:
    return tuple(Store(work, path.stem) for path in sorted(work.glob(f"{name}-*.jsonl")))
