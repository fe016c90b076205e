"""Filming: what the camera sees of the layers, flows and actors of a place, frame after frame."""

from dataclasses import replace

import cv2
import numpy as np

from benchmarks.shot_training.drawn.camera import Camera
from benchmarks.shot_training.drawn.parts import SHUTTER, Part
from benchmarks.shot_training.drawn.raster import (
    HEIGHT,
    WIDTH,
    Dice,
    Matrix,
    Picture,
    Take,
    laid_over,
    shrunk,
    smeared,
    softened,
    warped,
)
from benchmarks.shot_training.drawn.scenery import Flow, Layer, Scenery

PACES, PACE_SHARES = (0.4, 1.0, 6.0), (0.06, 0.86, 0.08)  # of clouds, water and leaves: slow motion to time-lapse
HASTY = 1.0  # canvas pixels a frame: what drifts faster is not shown in time-lapse


def filmed(rng: Dice, scenery: Scenery, camera: Camera, parts: list[Part], *, defocus: float) -> Take:
    """The frames as light falls into the camera; what is behind the people is blurred by `defocus` canvas pixels."""
    frames, pace = len(camera.x), float(rng.choice(PACES, p=PACE_SHARES))
    if max(abs(layer.drift[0]) for layer in scenery.layers) > HASTY or scenery.flows:
        pace = min(pace, 1.0)
    take = np.empty((frames, HEIGHT, WIDTH, 3), np.uint8)
    blurred = [replace(layer, image=softened(layer.image, defocus)) for layer in scenery.layers]
    layers = [_Shown(layer, float(rng.uniform(0, 6)), pace) for layer in blurred]
    for frame in range(frames):
        image = _background(layers, camera, frame)
        for number, flow in enumerate(scenery.flows):
            image = _flowing(image, flow, camera.matrix(frame), pace * frame + 100 * number)
        for part in parts:
            image = part.shown_over(image, frame, camera)
        across, down = camera.speed(frame)
        if abs(across) + abs(down) > 2:
            image = smeared(image, across * SHUTTER, down * SHUTTER)
        take[frame] = softened(image, float(camera.blur[frame]))
    return take


class _Shown:
    """A layer in a take; what did not move since the frame before is not painted again."""

    def __init__(self, layer: Layer, phase: float, pace: float) -> None:
        self.layer, self.phase, self.pace = layer, phase, pace
        self._matrix: Matrix | None = None
        self._image = layer.image

    def image(self, camera: Camera, frame: int) -> Picture:
        layer, fine = self.layer, camera.fineness(frame)
        matrix = camera.matrix(frame, layer.depth, fine)
        moment = self.pace * frame
        stray = (layer.sway * np.sin(self.phase + 0.11 * moment), layer.bob * np.sin(self.phase + 0.23 * moment))
        matrix[:, 2] += matrix[:, :2] @ (np.array(layer.drift) * moment + stray)
        if self._matrix is None or not np.array_equal(matrix, self._matrix):
            shown = warped(layer.image, matrix, (WIDTH * fine, HEIGHT * fine))
            self._matrix, self._image = matrix, shrunk(shown, (WIDTH, HEIGHT)) if fine > 1 else shown
        return self._image


def _background(layers: list[_Shown], camera: Camera, frame: int) -> Picture:
    image = layers[0].image(camera, frame).copy()
    for layer in layers[1:]:
        image = laid_over(image, layer.image(camera, frame))
    return image


def _flowing(image: Picture, flow: Flow, matrix: Matrix, moment: float) -> Picture:
    """The flow over what is behind it."""
    across, down, across_too, down_too = flow.speeds
    fields = []
    for field, speed in ((flow.first, (across, down)), (flow.second, (across_too, down_too))):
        own = matrix.copy()
        own[:, 2] += matrix[:, :2] @ (np.array(speed) * moment)
        own[:, :2] *= flow.stretch
        fields.append(warped(field, own, (WIDTH, HEIGHT)))
    mixed = cv2.addWeighted(fields[0], 0.5, fields[1], 0.5, 0)
    colour = cv2.LUT(cv2.cvtColor(mixed, cv2.COLOR_GRAY2RGB), flow.table)
    cover = np.asarray(cv2.cvtColor(warped(flow.region, matrix, (WIDTH, HEIGHT)), cv2.COLOR_GRAY2RGB))
    over = cv2.multiply(colour, cover, scale=1 / 255)
    return np.asarray(cv2.add(cv2.multiply(image, 255 - cover, scale=1 / 255), over))
