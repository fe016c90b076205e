"""Graphics within a take: captions, subtitles, clocks, small pictures. They come, change and go; the take goes on."""

import numpy as np

from benchmarks.shot_training.drawn.lettering import lettered, words
from benchmarks.shot_training.drawn.palettes import coloured
from benchmarks.shot_training.drawn.raster import (
    HEIGHT,
    WIDTH,
    Colour,
    Dice,
    Picture,
    Sprite,
    Take,
    chosen,
    laid_over,
    shrunk,
)

OVERLAYS = {
    "none": 0.72, "lower third": 0.09, "subtitles": 0.11, "logo": 0.06, "clock": 0.03, "ticker": 0.03,
    "split": 0.02, "inset": 0.04, "title": 0.06, "graphics": 0.03,
}  # fmt: skip


def overlay(rng: Dice, take: Take, kind: str | None = None) -> Take:
    """One of OVERLAYS, in place."""
    draw = {
        "lower third": _lower_third,
        "subtitles": _subtitles,
        "logo": _logo,
        "clock": _clock,
        "ticker": _ticker,
        "split": _split,
        "inset": _inset,
        "title": _title,
        "graphics": _graphics,
    }
    kind = kind or chosen(rng, OVERLAYS)
    if kind != "none":
        draw[kind](rng, take)
    return take


def put(image: Picture, sprite: Sprite, left: float, top: float) -> None:
    """Lays `sprite` on `image` at its upper left corner, in place; what sticks out is left away."""
    x, y = round(left), round(top)
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + sprite.shape[1], image.shape[1]), min(y + sprite.shape[0], image.shape[0])
    if x1 > x0 and y1 > y0:
        image[y0:y1, x0:x1] = laid_over(
            image[y0:y1, x0:x1], np.ascontiguousarray(sprite[y0 - y : y1 - y, x0 - x : x1 - x])
        )


def faded(sprite: Sprite, share: float) -> Sprite:
    return sprite if share >= 1 else np.asarray(sprite * max(share, 0.0), dtype=np.uint8)


def block(wide: int, tall: int, colour: Colour, cover: float = 1.0) -> Sprite:
    values = [*np.clip(colour, 0, 255) * cover, 255 * cover]
    return np.broadcast_to(np.array(values, np.uint8), (tall, wide, 4)).copy()


def bright(rng: Dice) -> Colour:
    return np.asarray(coloured(rng.random(1), rng.uniform(0, 1, 1), rng.uniform(0.3, 1, 1))[0], np.float32)


def _span(rng: Dice, frames: int) -> tuple[int, int]:
    """When something comes and goes: often only one of the two within the take."""
    start = int(rng.uniform(-0.4, 0.8) * frames)
    return start, start + int(rng.uniform(15, 120))


def _logo(rng: Dice, take: Take) -> None:
    colour, rim = bright(rng) + 60, float(rng.choice([0, 0.8]))
    sprite = lettered(
        words(rng, int(rng.integers(2, 6))), float(rng.uniform(5, 9)), colour, font=int(rng.integers(4)), rim=rim
    )
    at = float(rng.choice([6, 96])), float(rng.choice([5, 60]))
    for frame in take:
        put(frame, sprite, *at)


def _lower_third(rng: Dice, take: Take) -> None:
    wide, tall = int(rng.uniform(50, 120)), int(rng.uniform(8, 20))
    band = block(wide, tall, bright(rng), float(rng.uniform(0.5, 1)))
    text = lettered(words(rng, wide // 6), tall * 0.5, np.full(3, 255.0, np.float32))
    put_on = laid_over(np.ascontiguousarray(band[..., :3]), _padded(text, wide, tall))
    band[..., :3] = put_on
    left, top, (start, end) = rng.uniform(0, 20), rng.uniform(45, 60), _span(rng, len(take))
    slide = int(rng.choice([0, 0, 5, 12]))
    for frame in range(max(start, 0), min(end, len(take))):
        hidden = max(0.0, 1 - (frame - start) / slide) if slide else 0.0
        put(take[frame], band, left - hidden * (wide + 20), top)


def _padded(sprite: Sprite, wide: int, tall: int) -> Sprite:
    sheet = np.zeros((tall, wide, 4), np.uint8)
    part = sprite[:tall, : wide - 2]
    sheet[: part.shape[0], 2 : 2 + part.shape[1]] = part
    return sheet


def _subtitles(rng: Dice, take: Take) -> None:
    frame, size = int(rng.integers(-30, 10)), float(rng.uniform(5, 7.5))
    colour: Colour = np.array([255, 255, rng.choice([255, 120])], np.float32)
    while frame < len(take):
        end = frame + int(rng.uniform(15, 90))
        lines = [
            lettered(words(rng, int(rng.integers(6, 24))), size, colour, rim=0.9) for _ in range(rng.integers(1, 3))
        ]
        for shown in range(max(frame, 0), min(end, len(take))):
            for index, line in enumerate(lines):
                put(take[shown], line, (WIDTH - line.shape[1]) / 2, HEIGHT - (len(lines) - index) * (size + 3.5))
        frame = end + int(rng.choice([0, 0, 2, 12, 60]))


def _clock(rng: Dice, take: Take) -> None:
    at, start, colour = (rng.choice([4, 70]), rng.choice([4, 60])), int(rng.integers(0, 90000)), bright(rng) + 80
    for index, frame in enumerate(take):
        now = start + index
        text = f"{now // 1500 % 60:02}:{now // 25 % 60:02}:{now % 25:02}"
        put(frame, lettered(text, 6, colour, rim=0.6), *at)


def _ticker(rng: Dice, take: Take) -> None:
    line, tall = lettered(words(rng, 90), 6, np.full(3, 240, np.float32)), 10
    band, top, speed = (
        block(WIDTH, tall, bright(rng) * 0.6),
        HEIGHT - tall - int(rng.integers(0, 5)),
        rng.uniform(0.5, 2.5),
    )
    offset = rng.uniform(-60, 60)
    for index, frame in enumerate(take):
        put(frame, band, 0, top)
        put(frame, line, offset - speed * index, top + 1)


def _split(rng: Dice, take: Take) -> None:
    """Two halves with different parts of the same pictures, side by side all through."""
    line, shift = bright(rng), int(rng.integers(20, 60))
    take[:, :, WIDTH // 2 :] = take[:, :, shift : shift + WIDTH // 2]
    take[:, :, WIDTH // 2 - 1 : WIDTH // 2 + 1] = line.astype(np.uint8)


def _inset(rng: Dice, take: Take) -> None:
    """A small picture of something else, from the first frame on or from some later one."""
    size = int(rng.uniform(28, 56)), int(rng.uniform(18, 34))
    at, (start, end) = (rng.uniform(2, 98 - size[0] / 2), rng.uniform(2, 36)), _span(rng, len(take))
    rim = block(size[0] + 2, size[1] + 2, bright(rng))
    tint = rng.uniform(0.4, 1.4, 3).astype(np.float32)
    inner = [shrunk(np.clip(image[::-1, ::-1] * tint, 0, 255).astype(np.uint8), size) for image in take]
    for frame in range(max(start, 0), min(end, len(take))):
        put(take[frame], rim, at[0] - 1, at[1] - 1)
        put(take[frame], np.dstack([inner[-frame - 1], np.full(size[::-1], 255, np.uint8)]), *at)


def _title(rng: Dice, take: Take) -> None:
    """Large lettering over the picture: pops up, fades in or out, is written, or drifts."""
    text, tall, (start, end) = words(rng, int(rng.integers(4, 16))), float(rng.uniform(8, 22)), _span(rng, len(take))
    colour, manner = bright(rng) + 60, chosen(rng, {"pop": 0.3, "fade": 0.4, "typed": 0.15, "drift": 0.15})
    sprite, slow = lettered(text, tall, colour, rim=float(rng.choice([0, 0.7]))), rng.uniform(5, 25)
    left, top = (WIDTH - sprite.shape[1]) / 2, rng.uniform(8, HEIGHT - tall - 8)
    for frame in range(max(start, 0), min(end, len(take))):
        share = min((frame - start) / slow, (end - frame) / slow) if manner == "fade" else 1.0
        shown = sprite[:, : 1 + int(sprite.shape[1] * (frame - start) / slow / 2)] if manner == "typed" else sprite
        put(take[frame], faded(shown, share), left + (frame - start) * 0.4 * (manner == "drift"), top)


def _graphics(rng: Dice, take: Take) -> None:
    """Flat shapes that move over the footage."""
    for _ in range(int(rng.integers(1, 4))):
        sprite = block(int(rng.uniform(4, 60)), int(rng.uniform(4, 40)), bright(rng), float(rng.uniform(0.4, 1)))
        x, y, dx, dy = rng.uniform(-40, 120), rng.uniform(-20, 70), rng.normal(0, 2), rng.normal(0, 0.7)
        for index, frame in enumerate(take):
            put(frame, sprite, x + dx * index, y + dy * index)
