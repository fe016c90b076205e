"""Camera movements drawn with known parameters must be named, and named right."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from indexer.captioning.measured.facts import Motion
from indexer.captioning.measured.motion import measure_motion
from indexer.captioning.measured.picture import Luma, without_bars
from indexer.domain import Frame

RATE, SECONDS = 8, 4
WIDTH, HEIGHT = 320, 180
Placing = Callable[[float], tuple[float, float, float]]
"""Share of the clip -> x and y of the view's centre (in view widths from the middle) and its scale."""


def scenery(seed: int = 3) -> Luma:
    """A large textured picture: blotches of several sizes."""
    random = np.random.default_rng(seed)
    whole = np.zeros((720, 1280), np.float32)
    for cell in (160, 40, 10):
        coarse = random.uniform(0, 1, (720 // cell + 2, 1280 // cell + 2)).astype(np.float32)
        whole += cv2.resize(coarse, (1280, 720), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip((whole - whole.min()) / np.ptp(whole) * 255, 0, 255), dtype=np.uint8)


def film(place: Placing, *, frames: int = RATE * SECONDS) -> list[Luma]:
    world = scenery()
    shots = []
    for number in range(frames):
        x, y, scale = place(number / (frames - 1))
        matrix = np.array(
            [[scale, 0, WIDTH / 2 - scale * (640 + x * WIDTH)], [0, scale, HEIGHT / 2 - scale * (360 + y * WIDTH)]]
        )
        shots.append(np.asarray(cv2.warpAffine(world, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA), dtype=np.uint8))
    return shots


def measure(shots: list[Luma], rate: float = RATE) -> Motion:
    return measure_motion(shots, [round(n / rate * 1e6) for n in range(len(shots))])


@pytest.mark.parametrize("amount", [0.15, 0.5, 1.0])
@pytest.mark.parametrize(
    ("name", "x", "y"),
    [("pan right", 1, 0), ("pan left", -1, 0), ("tilt down", 0, 0.6), ("tilt up", 0, -0.6)],
)
def test_pans_and_tilts_are_named_by_the_side_the_camera_turns_to(name: str, x: float, y: float, amount: float) -> None:
    amount = max(amount, 0.25)
    shots = film(lambda share: ((share - 0.5) * x * amount, (share - 0.5) * y * amount, 1.0))
    assert measure(shots).camera == name


@pytest.mark.parametrize(("name", "end"), [("zoom in", 1.15), ("zoom in", 1.6), ("zoom out", 0.87), ("zoom out", 0.6)])
def test_zooms_are_named_from_small_to_large(name: str, end: float) -> None:
    assert measure(film(lambda share: (0, 0, end**share))).camera == name


def test_a_still_picture_is_static_and_still() -> None:
    assert measure(film(lambda share: (0, 0, 1.0))) == Motion("static", "still")


def test_noise_and_flicker_do_not_move_a_static_camera() -> None:
    random = np.random.default_rng(1)
    shots = [
        np.clip(shot + random.normal(0, 3, shot.shape) + random.uniform(-6, 6), 0, 255).astype(np.uint8)
        for shot in film(lambda share: (0, 0, 1.0))
    ]
    assert measure(shots).camera == "static"


def shaking(seed: int) -> Placing:
    random = np.random.default_rng(seed)
    times = np.linspace(0, SECONDS, 400)
    phases = random.uniform(0, 2 * np.pi, (4, 2))
    sway = sum(
        np.sin(2 * np.pi * hertz * times[:, None] + phase) * 0.012 / hertz
        for hertz, phase in zip((0.7, 1.1, 1.7, 2.3), phases, strict=True)
    )
    return lambda share: (
        float(np.interp(share * SECONDS, times, sway[:, 0])),
        float(np.interp(share * SECONDS, times, sway[:, 1])),
        1.0,
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_shaking_camera_neither_stands_nor_pans(seed: int) -> None:
    assert measure(film(shaking(seed))).camera is None


@pytest.mark.parametrize(("jump", "named"), [(0.002, "static"), (0.03, None)])
def test_old_film_that_jumps_a_little_at_every_frame_stands(jump: float, named: str | None) -> None:
    random = np.random.default_rng(5)
    jumps = iter((random.choice([-1, 1], (200, 2)) * jump * random.uniform(0.5, 1, (200, 2))).tolist())
    assert measure(film(lambda share: (*next(jumps), 1.0))).camera == named


def test_a_giant_that_passes_does_not_move_a_static_camera() -> None:
    shots = film(lambda share: (0, 0, 1.0))
    giant = scenery(seed=9)
    for number, shot in enumerate(shots[2:-2]):
        left = number * 11 - 20
        shot[60:, max(0, left) : max(0, left + 90)] = giant[60:HEIGHT, : max(0, min(WIDTH, left + 90) - max(0, left))]
    assert measure(shots).camera == "static"


def test_something_small_that_crosses_a_static_picture_moves() -> None:
    shots = film(lambda share: (0, 0, 1.0))
    for number, shot in enumerate(shots):
        cv2.circle(shot, (40 + number * 7, 90), 18, 255 if number % 2 else 240, -1)
    assert measure(shots) == Motion("static", "some")


def layered(*, near: float, own: float) -> list[Luma]:
    """A camera travels to the right past a far wall and a near one; a patch between them moves by itself."""
    far, close, patch = scenery(3), scenery(4), scenery(5)
    shots = []
    for number in range(RATE * SECONDS):
        shot = far[200 : 200 + HEIGHT, 200 + number * 6 : 200 + number * 6 + WIDTH].copy()
        edge = round(number * 6 * near)
        shot[120:] = close[200 : 200 + HEIGHT - 120, 200 + edge : 200 + edge + WIDTH]
        if own:
            top = 30 + round(25 * np.sin(number * 0.9))
            left = round(20 + number * own)
            shot[top : top + 60, left : left + 80] = patch[:60, :80]
        shots.append(shot)
    return shots


def test_what_moves_of_itself_is_told_before_a_camera_that_travels() -> None:
    assert measure(layered(near=1.0, own=4.0)) == Motion("pan right", "some")


def test_near_things_that_pass_faster_do_not_move_of_themselves() -> None:
    assert measure(layered(near=1.4, own=0)) == Motion("pan right", None)


def test_a_caption_that_stands_on_a_panning_picture_does_not_stop_the_pan() -> None:
    shots = film(lambda share: ((share - 0.5) * 0.8, 0, 1.0))
    for shot in shots:
        cv2.putText(shot, "BREAKING NEWS", (20, 165), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
        cv2.rectangle(shot, (285, 10), (310, 30), 0, -1)
    assert measure(shots).camera == "pan right"


@pytest.mark.parametrize("bar", [20, 45])
def test_letterbox_bars_do_not_stop_a_pan(bar: int) -> None:
    shots = film(lambda share: (-(share - 0.5) * 0.8, 0, 1.0))
    frames = []
    for number, shot in enumerate(shots):
        shot[:bar] = shot[-bar:] = 0
        frames.append(Frame(number * 125_000, 125_000, np.repeat(shot[..., None], 3, axis=2)))
    pictures = without_bars(frames)
    assert abs(pictures[0].shape[0] - (HEIGHT - 2 * bar)) <= 2
    assert measure([np.ascontiguousarray(picture[..., 0]) for picture in pictures]).camera == "pan left"


def test_a_pan_is_seen_in_the_long_steps_of_a_long_segment() -> None:
    shots = film(lambda share: ((share - 0.5) * 1.5, 0, 1.0), frames=24)
    assert measure(shots, rate=1.2).camera == "pan right"


def test_cuts_black_and_tiny_pictures_say_nothing() -> None:
    random = np.random.default_rng(2)
    noise = [random.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8) for _ in range(10)]
    black = [np.zeros((HEIGHT, WIDTH), np.uint8)] * 10
    tiny = [np.zeros((1, 1), np.uint8)] * 10
    for shots in (noise, black, tiny, noise[:1], noise[:2]):
        assert measure(shots) == Motion(None, None)
