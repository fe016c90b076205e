"""Places out of doors: each is a function of dice and a palette that paints one side of a place."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.leaves import leaves
from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Dice, noise, picture, softened
from benchmarks.shot_training.drawn.scenery import (
    ACROSS,
    DOWN,
    ROWS,
    Layer,
    Scenery,
    cut_out,
    filled,
    finished,
    flow,
    gradient,
    lit,
    pool,
    spread_light,
    textured,
)


def dead_leaves(rng: Dice, palette: Palette) -> Scenery:
    """Objects in front of objects, whose sizes follow a power law.

    A. B. Lee, D. Mumford, J. Huang: Occlusion models for natural images, Int. J. Computer Vision 41 (2001): such
    pictures have the scale invariance and the edge statistics of photographs.
    """
    canvas = leaves(rng, palette, count=int(rng.integers(250, 900)), least=float(rng.uniform(3, 7)))
    return Scenery((Layer(finished(lit(rng, canvas))),))


def landscape(rng: Dice, palette: Palette) -> Scenery:
    """Sky, hills that pale into the distance, ground with growth, now and then a lake."""
    haze, horizon = palette.tone(rng.uniform(0.6, 1)), float(rng.uniform(110, 210))
    sky = gradient(palette.tone(rng.uniform(0.4, 1)), haze, until=horizon)
    cloud = np.clip(noise(rng, DOWN, ACROSS, roughness=0.6, grains=2) - rng.uniform(-0.6, 1), 0, 2)[..., None]
    sky += cloud * (palette.tone(1) - sky) * rng.uniform(0.1, 0.5)
    layers = [Layer(finished(sky), 0.25, (float(rng.normal(0, 0.08)), 0.0))]
    count = int(rng.integers(1, 4))
    for index in range(count):
        near = (index + 1) / count
        rise, lumps = float(rng.uniform(5, 40)) * (1.2 - 0.7 * near), float(rng.uniform(0.5, 1 + 3 * near))
        cover = ridge(rng, horizon + 45 * near, rise, lumps=lumps)
        hill = filled(palette.tone(rng.uniform(0, 0.6)) * near + haze * (1 - near) * 0.9)
        hill = textured(rng, hill, 0.08 + 0.35 * near, 8)
        layers.append(Layer(cut_out(hill, cover), 0.4 + 0.6 * near))
    base = layers[0].image
    lake = rng.random() < 0.25
    region = np.asarray((np.broadcast_to(ROWS, (DOWN, ACROSS)) > horizon + 50) * 255, np.uint8)
    colours = [palette.tone(0.2), haze * 0.6, haze]
    flows = (flow(rng, region, colours, (float(rng.normal(0, 0.6)), 0.25)),) if lake else ()
    return Scenery((Layer(base, 0.25, layers[0].drift), *layers[1:]), horizon + 90, float(rng.uniform(40, 130)), flows)


def ridge(rng: Dice, height: float, rise: float, *, lumps: float = 1) -> NDArray[np.uint8]:
    """The cover of everything below a rough horizon about row `height`."""
    rough = float(rng.uniform(0.3, 0.65))
    line = height - rise * noise(rng, 128, ACROSS, roughness=rough, grains=lumps)[64]
    return np.asarray((line[None, :] < ROWS) * 255, dtype=np.uint8)


def foliage(rng: Dice, palette: Palette) -> Scenery:
    """Leaves upon leaves: busy, with gaps of light, and branches before them that sway."""
    green = Palette(palette.mood, palette.tones * np.array([0.85, 1.1, 0.6], np.float32), palette.skins)
    back = leaves(rng, green, count=1400, least=float(rng.uniform(2, 4)), kind=int(rng.integers(0, 2)))
    back = back * np.exp(0.5 * noise(rng, DOWN, ACROSS, roughness=0.6, grains=3))[..., None]
    for _ in range(int(rng.integers(0, 40))):
        spread_light(back, (rng.uniform(0, ACROSS), rng.uniform(0, DOWN)), rng.uniform(4, 20), palette.tone(1) * 0.8)
    front = leaves(rng, green, count=500, least=3, kind=1) * 0.55
    gap = noise(rng, DOWN, ACROSS, roughness=0.7, grains=4) + 1.5 * pool(ACROSS / 2, DOWN / 2, rng, 300)
    branches = cut_out(front, np.asarray((gap < rng.uniform(-0.9, -0.2)) * 255, np.uint8))
    return Scenery(
        (
            Layer(picture(lit(rng, back))),
            Layer(branches, 1.4, sway=float(rng.uniform(0, 5)), bob=float(rng.uniform(0, 2))),
        )
    )


def haze(rng: Dice, palette: Palette) -> Scenery:
    """Fog, snow or dust: shapes that hardly stand out."""
    air = palette.tone(rng.uniform(0.3, 1))
    canvas = gradient(air, air * rng.uniform(0.7, 1.1))
    share = float(rng.uniform(0.04, 0.3))
    canvas += share * (leaves(rng, palette, count=120, least=8) - canvas)
    canvas = np.asarray(softened(finished(canvas), float(rng.uniform(0.5, 4))), np.float32)
    veil = np.asarray(np.broadcast_to(np.uint8(110), (DOWN, ACROSS)), np.uint8).copy()
    smoke = flow(rng, veil, [air * 0.85, air, air * 1.1], (float(rng.normal(0, 1)), float(rng.normal(0, 0.3))))
    return Scenery((Layer(picture(canvas), 0.8),), flows=(smoke,) if rng.random() < 0.5 else ())


def out_of_focus(rng: Dice, palette: Palette) -> Scenery:
    """A blurred background, as behind most close-ups."""
    canvas = finished(lit(rng, leaves(rng, palette, count=160, least=12)))
    return Scenery((Layer(softened(canvas, float(rng.uniform(4, 14))), 0.5),), guests={"portrait": 0.9, "nobody": 0.1})
