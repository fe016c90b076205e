"""Painting: smooth-edged shapes, gradients, glows and lettering in world units.

Everything is painted at twice the size, or as `painted` says, and averaged down. A canvas can be *placed*: the same
picture seen through the coordinates of one thing, so that a boat is drawn once, in boat lengths, and appears anywhere,
any size, mirrored or tilted.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, hypot, pi, radians, sin
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from data.drawing.camera import HEIGHT, MARGIN_X, MARGIN_Y, WIDTH, View
from data.drawing.palette import Colour

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Picture = NDArray[np.uint8]  # (height, width, 3) RGB
FINENESS = ContextVar("FINENESS", default=2)  # painted pixels a side of one shown pixel


@contextmanager
def painted(fineness: int) -> Iterator[None]:
    """Within this, scenes are made and drawn with `fineness` painted pixels a side of a shown one: 1 is quick."""
    token = FINENESS.set(fineness)
    try:
        yield
    finally:
        FINENESS.reset(token)


@dataclass(slots=True)
class Paper:
    """The picture under the canvases that share it."""

    image: Image.Image
    draw: ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Canvas:
    """Paper with coordinates: pixel = (a x + b y + left, c x + d y + top)."""

    paper: Paper
    a: float
    b: float
    c: float
    d: float
    left: float
    top: float
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)

    # -- coordinates --

    def placed(self, at: Point, size: float = 1.0, *, facing: int = 1, tilt: float = 0.0) -> "Canvas":
        """The same paper in a thing's own units: origin `at`, one unit = `size`; facing -1 mirrors it;
        `tilt` in degrees, clockwise."""
        turn, (left, top) = radians(tilt), self.pixel(at)
        e, f, g, h = cos(turn) * facing * size, -sin(turn) * size, sin(turn) * facing * size, cos(turn) * size
        return replace(
            self,
            a=self.a * e + self.b * g,
            b=self.a * f + self.b * h,
            c=self.c * e + self.d * g,
            d=self.c * f + self.d * h,
            left=left,
            top=top,
        )

    def tinted(self, tint: tuple[float, float, float]) -> "Canvas":
        """The same canvas in another light; every colour but a glow's is multiplied by it."""
        return replace(self, tint=tint)

    def pixel(self, point: Point) -> Point:
        x, y = point
        return self.a * x + self.b * y + self.left, self.c * x + self.d * y + self.top

    def length(self, units: float) -> float:
        """A length in painted pixels."""
        return units * hypot(self.a, self.c)

    def on_screen(self) -> "Canvas":
        """The same paper as the camera's standing still would show it: for captions laid over the picture."""
        width, height = self.paper.image.size
        scale = height / HEIGHT
        return replace(self, a=scale, b=0.0, c=0.0, d=scale, left=width / 2 - WIDTH / 2 * scale, top=0.0)

    # -- shapes --

    def polygon(self, points: Sequence[Point], colour: Colour, *, alpha: float = 1.0) -> None:
        self.paper.draw.polygon([self.pixel(point) for point in points], fill=self._ink(colour, alpha))

    def ellipse(self, centre: Point, radii: Point, colour: Colour, *, alpha: float = 1.0) -> None:
        (x, y), (across, down) = centre, radii
        if self.b or self.c or self.length(max(radii)) < 3:
            steps = [step * pi / 14 for step in range(28)]
            self.polygon([(x + across * cos(step), y + down * sin(step)) for step in steps], colour, alpha=alpha)
            return
        self.paper.draw.ellipse(self._box((x - across, y - down, x + across, y + down)), fill=self._ink(colour, alpha))

    def disc(self, centre: Point, radius: float, colour: Colour, *, alpha: float = 1.0) -> None:
        self.ellipse(centre, (radius, radius), colour, alpha=alpha)

    def box(self, box: Box, colour: Colour, *, radius: float = 0.0, alpha: float = 1.0) -> None:
        left, top, right, bottom = box
        if self.b or self.c:
            self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour, alpha=alpha)
            return
        corners = self._box(box)
        fitting = min(self.length(radius), (corners[2] - corners[0]) / 2, (corners[3] - corners[1]) / 2)
        self.paper.draw.rounded_rectangle(corners, radius=fitting, fill=self._ink(colour, alpha))

    def line(self, points: Sequence[Point], width: float, colour: Colour, *, alpha: float = 1.0) -> None:
        """A line with round ends and joints (joints are left out where it is see-through)."""
        thick, ink = max(1.0, self.length(width)), self._ink(colour, alpha)
        dots = [self.pixel(point) for point in points]
        self.paper.draw.line(dots, fill=ink, width=round(thick), joint="curve")
        if thick > 3 and alpha == 1:
            half = thick / 2 - 0.5
            for x, y in (dots[0], dots[-1]):
                self.paper.draw.ellipse((x - half, y - half, x + half, y + half), fill=ink)

    def shade(self, top: float, bottom: float, colours: Sequence[Colour]) -> None:
        """Fills the whole width from `top` to `bottom` with a vertical gradient. For canvases that are not tilted."""
        high, low = self.pixel((0, top))[1], self.pixel((0, bottom))[1]
        first, last = max(0, round(high)), min(self.paper.image.height, round(low))
        if last <= first:
            return
        place = np.clip((np.arange(first, last) - high) / (low - high), 0, 1) * (len(colours) - 1)
        ramp = [np.interp(place, range(len(colours)), [colour[channel] for colour in colours]) for channel in range(3)]
        rows = np.stack(ramp, axis=1) * np.array(self.tint)
        filled = np.repeat(rows[:, None, :], self.paper.image.width, axis=1).astype(np.uint8)
        self.paper.image.paste(Image.fromarray(filled), (0, first))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 0.6) -> None:
        """Adds light that fades outwards from `centre`. Never tinted: light is its own colour."""
        x, y = self.pixel(centre)
        reach = self.length(radius)
        left, top, right, bottom = round(x - reach), round(y - reach), round(x + reach), round(y + reach)
        within = (max(0, left), max(0, top), min(self.paper.image.width, right), min(self.paper.image.height, bottom))
        if within[2] - within[0] < 1 or within[3] - within[1] < 1:
            return
        halo = cv2.resize(_halo(), (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
        part = halo[within[1] - top : within[3] - top, within[0] - left : within[2] - left, None] * strength
        under = np.asarray(self.paper.image.crop(within), dtype=np.float32)
        lit = under + part * (np.array(colour, np.float32) * (1 - under / 320))
        self.paper.image.paste(Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)), within[:2])

    def text(
        self, at: Point, words: str, size: float, colour: Colour, *, anchor: Literal["ls", "ms", "rs", "mm"] = "ls"
    ) -> None:
        """Upright lettering whose capital height is about 0.7 `size`; `anchor` as Pillow's, `ls` = left of baseline."""
        font = _lettering(max(4, round(self.length(size))))
        self.paper.draw.text(self.pixel(at), words, fill=self._ink(colour, 1.0), font=font, anchor=anchor)

    def _ink(self, colour: Colour, alpha: float) -> tuple[int, int, int, int]:
        red, green, blue = self.tint
        return int(colour[0] * red), int(colour[1] * green), int(colour[2] * blue), int(255 * alpha)

    def _box(self, box: Box) -> Box:
        (left, top), (right, bottom) = self.pixel(box[:2]), self.pixel(box[2:])
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What never changes in a shot, painted once: the whole world with its margins."""

    picture: Picture

    def seen(self, view: View, size: tuple[int, int]) -> Canvas:
        """A fresh canvas for a picture of `size` (width, height), with this behind it."""
        fineness = FINENESS.get()
        width, height = size[0] * fineness, size[1] * fineness
        scale, own = height / view.height, float(fineness)
        left, top = width / 2 - view.x * scale, height / 2 - view.y * scale
        ratio = scale / own
        matrix = np.array([[ratio, 0, left - MARGIN_X * scale], [0, ratio, top - MARGIN_Y * scale]])
        pixels = cv2.warpAffine(
            self.picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return Canvas(_paper(Image.fromarray(pixels)), scale, 0.0, 0.0, scale, left, top)


def blank_world() -> Canvas:
    """A canvas for a whole world with its margins, to paint a backdrop on."""
    scale = float(FINENESS.get())
    size = round((WIDTH + 2 * MARGIN_X) * scale), round((HEIGHT + 2 * MARGIN_Y) * scale)
    return Canvas(_paper(Image.new("RGB", size)), scale, 0.0, 0.0, scale, MARGIN_X * scale, MARGIN_Y * scale)


def backdrop(canvas: Canvas) -> Backdrop:
    return Backdrop(np.asarray(canvas.paper.image, dtype=np.uint8).copy())


def picture(canvas: Canvas) -> Picture:
    """What was painted, averaged down to the size that is shown."""
    return np.asarray(canvas.paper.image.reduce(FINENESS.get()), dtype=np.uint8)


def smooth(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """A closed outline that runs softly through `points` (Catmull-Rom)."""
    outline: list[Point] = []
    count = len(points)
    for index in range(count):
        before, here, there, after = (points[(index + offset) % count] for offset in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            outline.append(
                (
                    _between(before[0], here[0], there[0], after[0], t),
                    _between(before[1], here[1], there[1], after[1], t),
                )
            )
    return outline


def _between(before: float, here: float, there: float, after: float, t: float) -> float:
    slope, bend = there - before, 2 * before - 5 * here + 4 * there - after
    return here + 0.5 * t * (slope + t * (bend + t * (3 * (here - there) + after - before)))


def _paper(image: Image.Image) -> Paper:
    return Paper(image, ImageDraw.Draw(image, "RGBA"))


@lru_cache(maxsize=1)
def _halo() -> NDArray[np.float32]:
    side = (np.arange(256, dtype=np.float32) - 127.5) / 127.5
    distance = np.hypot(side[:, None], side[None, :])
    halo: NDArray[np.float32] = np.square(np.clip(1 - distance, 0, 1), dtype=np.float32)
    return halo


@lru_cache(maxsize=256)
def _lettering(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface, so that every machine letters alike."""
    return ImageFont.load_default(size)
