"""Draws clips of the sample films' world and keeps their small pictures with the truth about them.

A store is two files: `NAME.bin`, JPEG pictures one after another, and `NAME.jsonl`, a line a clip. Drawing goes on
where it was broken off, and may be read while it grows.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray

from data.drawing.canvas import painted
from data.drawing.dice import Dice
from data.drawing.scenes import SCENES
from data.drawing.scenes.scene import Scene

FRAMES = 18  # pictures kept of a clip, evenly over its time
WIDE, TALL = (168, 96), (96, 168)
TALL_SHARE = {"snow road": 0.5, "snowman": 0.5, "sail": 0.2, "jellyfish": 0.2, "clock": 0.2}
QUALITY = 92


class ThingSeen(TypedDict):
    name: str
    colour: str | None
    heading: str | None


class ClipTruth(TypedDict):
    """What drawing knew of a clip; `actions` are (start, end) shares of its time."""

    seed: str
    kind: str  # a key of SCENES
    tall: bool
    seconds: float
    place: str
    light: str
    camera: str
    views: list[tuple[float, float, float]]  # x, y, height at each picture
    things: list[ThingSeen]
    actions: list[tuple[str, float, float]]
    offsets: list[int]  # FRAMES + 1 places in the .bin file


@dataclass(frozen=True, slots=True)
class Store:
    folder: Path
    name: str

    def truths(self) -> list[ClipTruth]:
        path = self.folder / f"{self.name}.jsonl"
        lines = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def pixels(self) -> NDArray[np.uint8]:
        return np.memmap(self.folder / f"{self.name}.bin", np.uint8, "r")


def draw_clips(store: Store, seeds: Iterator[tuple[str, str]]) -> None:
    """Draws a clip for each (kind, seed) that the store does not hold yet; seeds must come in the same order again."""
    cv2.setNumThreads(1)
    store.folder.mkdir(parents=True, exist_ok=True)
    done = store.truths()
    path = store.folder / f"{store.name}.bin"
    end = done[-1]["offsets"][-1] if done else 0
    with path.open("ab") as pixels, (store.folder / f"{store.name}.jsonl").open("a", encoding="utf-8") as lines:
        pixels.truncate(end)
        for number, (kind, seed) in enumerate(seeds):
            if number >= len(done):
                truth, pictures = draw_clip(kind, seed)
                truth["offsets"] = [end := end + size for size in (0, *map(len, pictures))]
                pixels.writelines(pictures)
                pixels.flush()
                lines.write(json.dumps(truth) + "\n")
                lines.flush()


def seeds(name: str, count: int) -> Iterator[tuple[str, str]]:
    """`count` clips through all kinds in turn; every other crowd, which is slow to draw, gives way to a reef."""
    kinds = tuple(SCENES)
    for index in range(count):
        kind = kinds[index % len(kinds)]
        yield ("reef" if kind == "crowd" and index // len(kinds) % 2 else kind), f"{name}/{index}"


def draw_clip(kind: str, seed: str) -> tuple[ClipTruth, list[bytes]]:
    stream = Random(f"{seed}/clip")
    seconds, tall = stream.randint(6, 18) / 2, stream.random() < TALL_SHARE.get(kind, 0.0)
    with painted(1):
        scene = SCENES[kind](Dice(seed), seconds)
        times = [(index + 0.5) / FRAMES * seconds for index in range(FRAMES)]
        pictures = [small_picture(scene, t, tall=tall) for t in times]
    return clip_truth(scene, kind, seed, tall=tall), [encoded(picture) for picture in pictures]


def small_picture(scene: Scene, t: float, *, tall: bool) -> NDArray[np.uint8]:
    drawn = scene.draw(t, (180, 320) if tall else (320, 180))
    return np.asarray(cv2.resize(drawn, TALL if tall else WIDE, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def clip_truth(scene: Scene, kind: str, seed: str, *, tall: bool) -> ClipTruth:
    views = [scene.camera.view((index + 0.5) / FRAMES) for index in range(FRAMES)]
    return ClipTruth(
        seed=seed,
        kind=kind,
        tall=tall,
        seconds=scene.seconds,
        place=scene.place,
        light=scene.light,
        camera=scene.camera.name,
        views=[(view.x, view.y, view.height) for view in views],
        things=[ThingSeen(name=thing.name, colour=thing.colour, heading=thing.heading) for thing in scene.things],
        actions=[(action.text, action.start, action.end) for action in scene.actions],
        offsets=[],
    )


def encoded(picture: NDArray[np.uint8]) -> bytes:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()


def decoded(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("a kept picture cannot be read; draw the clips again")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
