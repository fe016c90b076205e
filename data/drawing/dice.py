"""Seeded choices, each by its own name, so that one can be pinned without disturbing the rest."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Dice:
    """The same seed, pins and name give the same choice, whatever else is asked before it."""

    seed: str
    pins: Mapping[str, str | int] = field(default_factory=dict)

    def choose(self, name: str, options: Sequence[str]) -> str:
        """One of `options`, or the pinned one; a pin that is no option raises ValueError."""
        if name not in self.pins:
            return self.stream(name).choice(options)
        pinned = str(self.pins[name])
        if pinned not in options:
            raise ValueError(f"{name} = {pinned!r} is not one of {', '.join(options)}")
        return pinned

    def sample(self, name: str, options: Sequence[str], count: int) -> list[str]:
        """`count` different options; where one is pinned as `name`, it comes first."""
        drawn = self.stream(name).sample(list(options), len(options))
        if name in self.pins:
            first = self.choose(name, options)
            drawn = [first, *(option for option in drawn if option != first)]
        return drawn[:count]

    def count(self, name: str, low: int, high: int) -> int:
        """A whole number, both ends included, or the pinned one."""
        return int(self.pins[name]) if name in self.pins else self.stream(name).randint(low, high)

    def between(self, name: str, low: float, high: float) -> float:
        return self.stream(name).uniform(low, high)

    def stream(self, name: str) -> random.Random:
        """An endless source of numbers that belongs to this name alone."""
        return random.Random(f"{self.seed}/{name}")
