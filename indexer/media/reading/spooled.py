"""What a pass is asked to keep of a video, and what it then gives. Loads no decoder."""

from dataclasses import dataclass
from typing import NamedTuple

SAMPLE_QUALITY = 90
"""Of JPEG. At 320 px 12 to 13 kB, 42.5 dB, SSIM 0.991 (85: 10.6 kB, 40.9 dB; 95: 17.9 kB, 45.1 dB).

Of 16 texts of the `measured` captioner about dark footage 4 differ from those about the pictures before JPEG; at 85 or
95 it is 3, and 4:4:4 mends none. So whoever reads a sample from the footage passes it through the same JPEG, and the
texts are the same.
"""


@dataclass(frozen=True, slots=True)
class SpoolOrder:
    """What to keep: one candidate a second of `candidate_side` pixels, and for each of `samples`, (longest side, a
    second), the pictures shown at that pace."""

    candidate_side: int
    samples: tuple[tuple[int, float], ...] = ()


class Spooled(NamedTuple):
    """One kept picture, shown from `t_us` for `duration_us`, made for an order of `longest_side` pixels."""

    t_us: int
    duration_us: int
    longest_side: int
    sharpness: float | None  # variance of the Laplacian; None: no candidate, one of an even pace
    jpeg: bytes
