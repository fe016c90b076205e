"""How much a file may cost before it is refused or stopped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may use. A sandboxed child takes over the limits of its parent."""

    memory_bytes: int = 4 << 30  # address space of the child that decodes
    stall_s: float = 30.0  # seconds without a value or a beat
    max_pixels: int = 36_000_000  # of any picture, in any stream: a little above DCI 8K
    cpu_s: float = 600.0  # processor seconds at the least ...
    cpu_s_a_beat: float = 10.0  # ... and so many more for every picture: slow decoding is fine, a crawl is not


def use_limits(limits: Limits) -> None:
    """From now on these are in force, in this process and in the sandboxed children it starts."""
    global _in_force
    _in_force = limits


def limits_in_force() -> Limits:
    return _in_force


_in_force = Limits()
