"""Frame tables made by hand: what the measures of a pass would be, without its pictures."""

from collections.abc import Sequence

import numpy as np

from indexer.segmentation.measure import FRAME_MEASURES, FrameTable

SECOND = 1_000_000


def table_of(times: Sequence[int], looks: Sequence[int] | None = None) -> FrameTable:
    """Frames at these times (us), none of them empty; those with the same number look the same, others quite unlike."""
    table = np.zeros(len(times), FRAME_MEASURES)
    table["t_us"] = times
    table["brightness"], table["spread"], table["gradient"] = 100, 40, 10
    for number in set(looks or [0]):
        rows = np.flatnonzero(np.array(looks) == number) if looks else slice(None)
        drawn = np.random.default_rng(number)
        shades = 1 + drawn.permutation(16) ** 2
        table["histogram"][rows] = shades * 255 // shades.sum()
        table["colours"][rows] = drawn.integers(0, 256, 3) // 2 + drawn.integers(0, 128, (3, 4, 3))
    return table


def even_table(seconds: int, looks: Sequence[int] | None = None, per_second: int = 10) -> FrameTable:
    """So many frames a second; `looks` of each second."""
    numbers = [look for look in looks or [0] * seconds for _ in range(per_second)]
    return table_of([number * SECOND // per_second for number in range(seconds * per_second)], numbers)
