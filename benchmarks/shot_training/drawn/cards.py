"""Cards of lettering between shots: titles, intertitles, credits, logos."""

import numpy as np

from benchmarks.shot_training.drawn.lettering import lettered, words
from benchmarks.shot_training.drawn.overlays import block, bright, faded, put
from benchmarks.shot_training.drawn.palettes import draw_palette
from benchmarks.shot_training.drawn.raster import (
    HEIGHT,
    WIDTH,
    Colour,
    Dice,
    Picture,
    Sprite,
    Take,
    chosen,
    noise,
    picture,
    shrunk,
)
from benchmarks.shot_training.drawn.scenery import gradient

GROUNDS = {"black": 0.5, "white": 0.08, "plain": 0.14, "gradient": 0.14, "rough": 0.14}
MANNERS = {"still": 0.4, "fade in": 0.2, "fade out": 0.08, "typed": 0.08, "scroll": 0.12, "lines": 0.12}


def paint_card(rng: Dice, frames: int) -> Take:
    """(frames, HEIGHT, WIDTH, 3): lettering on one ground all through."""
    ground, manner = _ground(rng), chosen(rng, MANNERS)
    dark = ground.mean() < 110
    colour: Colour = (bright(rng) * 0.4 + 150) if dark else bright(rng) * 0.35
    count = int(rng.integers(8, 20)) if manner == "scroll" else int(rng.integers(1, 6))
    size = float(rng.uniform(5, 10)) if count > 2 else float(rng.uniform(7, 22))
    lines = [
        lettered(words(rng, int(rng.uniform(3, 110 / size))), size, colour, font=int(rng.integers(4)))
        for _ in range(count)
    ]
    if rng.random() < 0.15:
        lines.insert(0, block(int(rng.uniform(8, 60)), int(rng.uniform(2, 20)), bright(rng)))
    take, slow = np.repeat(ground[None], frames, 0), float(rng.uniform(8, 30))
    spacing = size * float(rng.uniform(1.2, 1.7))
    for index in range(frames):
        _set_lines(
            take[index], lines, spacing, manner, index / slow if manner != "fade out" else (frames - index) / slow
        )
    return take


def _set_lines(image: Picture, lines: list[Sprite], spacing: float, manner: str, progress: float) -> None:
    """The lines as they stand `progress` (1 = done) through coming up; a scroll goes on for ever."""
    top = HEIGHT - progress * 12 if manner == "scroll" else (HEIGHT - spacing * len(lines)) / 2
    for index, line in enumerate(lines):
        shown = line
        if manner in ("fade in", "fade out"):
            shown = faded(line, progress)
        elif manner == "lines":
            shown = faded(line, np.clip(progress * 4 - 2 * index, 0, 1))
        elif manner == "typed":
            done = np.clip(progress * 1.5 - index, 0, 1)
            shown = line[:, : max(1, int(line.shape[1] * done))]
        put(image, shown, (WIDTH - line.shape[1]) / 2, top + spacing * index)


def _ground(rng: Dice) -> Picture:
    kind, palette = chosen(rng, GROUNDS), draw_palette(rng)
    if kind in ("black", "white"):
        level = rng.uniform(0, 18) if kind == "black" else rng.uniform(215, 255)
        return picture(np.full((HEIGHT, WIDTH, 3), level))
    if kind == "plain":
        return picture(np.broadcast_to(palette.any(rng), (HEIGHT, WIDTH, 3)))
    if kind == "gradient":
        return shrunk(picture(gradient(palette.any(rng), palette.any(rng))), (WIDTH, HEIGHT))
    rough = noise(rng, HEIGHT, WIDTH, roughness=float(rng.uniform(0.5, 0.8)))[..., None]
    return picture(palette.any(rng) * np.exp(0.3 * rough))
