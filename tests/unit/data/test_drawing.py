"""The drawn world: the same seed draws the same, and what is said is what was drawn."""

import hashlib
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.drawing.camera import CAMERA_MOVES, CAMERA_WORDS, View, camera_move, eased
from data.drawing.canvas import backdrop, blank_world, painted, picture, smooth
from data.drawing.dice import Dice
from data.drawing.programme import Film, Shot
from data.drawing.scenes import SCENES
from data.drawing.sound import RATE, SOUNDS, make_sound
from data.drawing.variations import variations


def _hash(kind: str, seed: str, t: float) -> str:
    return hashlib.sha256(SCENES[kind](Dice(seed), 5.0).draw(t).tobytes()).hexdigest()


class TestDice:
    def test_a_choice_does_not_depend_on_what_was_asked_before(self) -> None:
        asked_first, asked_last = Dice("7"), Dice("7")
        asked_last.choose("light", ("day", "night"))
        assert asked_first.between("x", 0, 1) == asked_last.between("x", 0, 1)

    def test_pins_win_and_leave_the_rest(self) -> None:
        free, pinned = Dice("7"), Dice("7", {"colour": "teal", "count": 9})
        assert pinned.choose("colour", ("red", "teal")) == "teal"
        assert pinned.count("count", 1, 3) == 9
        assert pinned.sample("colour", ("red", "blue", "teal"), 2)[0] == "teal"
        assert pinned.between("x", 0, 1) == free.between("x", 0, 1)

    def test_a_pin_that_is_no_option_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'mauve' is not one of red, teal"):
            Dice("7", {"colour": "mauve"}).choose("colour", ("red", "teal"))


class TestCamera:
    @given(st.floats(0, 1))
    def test_easing_is_symmetrical_and_stays_in_bounds(self, progress: float) -> None:
        assert 0 <= eased(progress) <= 1
        assert eased(progress) + eased(1 - progress) == pytest.approx(1)

    def test_moves_go_where_their_names_say(self) -> None:
        ends = {name: (camera_move(name).view(0), camera_move(name).view(1)) for name in CAMERA_MOVES}
        assert ends["static"][0] == ends["static"][1] == View()
        assert ends["pan left"][0].x > ends["pan left"][1].x
        assert ends["pan right"][0].x < ends["pan right"][1].x
        assert ends["tilt up"][0].y > ends["tilt up"][1].y
        assert ends["tilt down"][0].y < ends["tilt down"][1].y
        assert ends["zoom in"][0].height > ends["zoom in"][1].height
        assert ends["zoom out"][0].height < ends["zoom out"][1].height


class TestCanvas:
    def test_a_mirrored_thing_lies_on_the_other_side(self) -> None:
        canvas = backdrop(blank_world()).seen(View(), (64, 36))
        canvas.placed((320, 180), 100, facing=-1).box((0.5, -0.5, 1.0, 0.5), (255, 255, 255))
        lit = np.argwhere(picture(canvas)[:, :, 0] > 128)
        assert lit[:, 1].max() < 32

    def test_painted_roughly_a_scene_looks_much_the_same(self) -> None:
        with painted(1):
            rough = SCENES["sail"](Dice("3"), 5.0).draw(1.0, (160, 90))
        fine = SCENES["sail"](Dice("3"), 5.0).draw(1.0, (160, 90))
        assert rough.shape == fine.shape
        assert 0 < np.abs(rough.astype(int) - fine).mean() < 6

    def test_a_tint_darkens_shapes_but_not_light(self) -> None:
        canvas = backdrop(blank_world()).seen(View(), (64, 36)).tinted((0.5, 0.5, 0.5))
        canvas.box((0, 0, 640, 360), (200, 200, 200))
        assert picture(canvas).max() == 100
        canvas.glow((320, 180), 100, (255, 255, 255), 1.0)
        assert picture(canvas).max() > 200

    def test_a_smooth_outline_runs_through_its_points(self) -> None:
        corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
        assert set(corners) <= set(smooth(corners))


class TestScenes:
    @pytest.mark.parametrize("kind", SCENES)
    def test_the_same_seed_draws_the_same_picture_and_another_another(self, kind: str) -> None:
        assert _hash(kind, "4", 1.3) == _hash(kind, "4", 1.3)
        assert len({_hash(kind, seed, 1.3) for seed in ("4", "5", "6")}) > 1

    @pytest.mark.parametrize("kind", SCENES)
    def test_things_move(self, kind: str) -> None:
        scene = SCENES[kind](Dice("4"), 5.0)
        changed = np.abs(scene.draw(1.0).astype(int) - scene.draw(2.6)).max(axis=2) > 24
        assert changed.mean() > 0.002

    @pytest.mark.parametrize("kind", SCENES)
    @pytest.mark.parametrize("seed", ["1", "2", "3"])
    def test_the_description_names_colours_headings_light_and_camera(self, kind: str, seed: str) -> None:
        scene = SCENES[kind](Dice(seed), 5.0)
        assert scene.description.endswith(CAMERA_WORDS[scene.camera.name])
        assert scene.description[0].isupper()
        assert "  " not in scene.description
        assert scene.things
        for action in scene.actions:
            assert action.text.lower() in scene.description.lower()
            assert 0 <= action.start < action.end <= 1
        starts = [action.start for action in scene.actions]
        assert starts == sorted(starts)

    @pytest.mark.parametrize(
        ("kind", "pins", "words"),
        [
            (
                "harbour",
                {"boat": "ferry", "colour": "green", "heading": "left", "light": "dusk"},
                "A green ferry crosses the harbour to the left at dusk",
            ),
            (
                "platform",
                {"event": "arrives", "colour": "orange", "heading": "right"},
                "An orange train arrives from the left",
            ),
            (
                "goal",
                {"colour": "blue", "end": "save"},
                "a striker in blue runs up and shoots, the goalkeeper dives and saves the ball",
            ),
            ("reef", {"colour": "purple", "heading": "left"}, "a shoal of purple fish swims to the right"),
            (
                "interview",
                {"speaker": "woman", "caption": "yes", "name": "Mei Tanaka", "work": "teacher"},
                'names her as "Mei Tanaka, teacher"',
            ),
            ("snow road", {"colour": "yellow", "light": "night", "camera": "tilt up"}, "at night a yellow snow plough"),
        ],
    )
    def test_pins_are_told(self, kind: str, pins: dict[str, str], words: str) -> None:
        assert words in SCENES[kind](Dice("9", pins), 5.0).description

    @pytest.mark.parametrize(("colour", "channel"), [("red", 0), ("green", 1), ("blue", 2)])
    def test_the_colour_that_is_told_is_the_one_that_is_seen(self, colour: str, channel: int) -> None:
        pins = {"colour": colour, "light": "day", "camera": "static"}
        sail = SCENES["sail"](Dice("1", pins), 5.0).draw(0.5)[100:160, 270:360].reshape(-1, 3).astype(int)
        others = [other for other in range(3) if other != channel]
        strongest = (sail[:, channel] > sail[:, others].max(axis=1) + 25).mean()
        assert strongest > 0.4

    def test_a_boat_is_seen_to_go_where_it_is_told_to_go(self) -> None:
        for heading, sign in (("left", -1), ("right", 1)):
            pins = {
                "colour": "red",
                "heading": heading,
                "boat": "sailing boat",
                "light": "overcast",
                "camera": "static",
                "order": "boat",
            }
            scene = SCENES["harbour"](Dice("2", pins), 5.0)
            middles = [_middle_of_red(scene.draw(t)) for t in (1.5, 3.5)]
            assert (middles[1] - middles[0]) * sign > 60


def _middle_of_red(pixels: np.ndarray) -> float:
    low = pixels[200:].astype(int)
    red = low[:, :, 0] > low[:, :, 1:].max(axis=2) + 90
    return float(np.argwhere(red)[:, 1].mean())


class TestOrder:
    @pytest.mark.parametrize(
        ("kind", "pins", "orders"),
        [
            ("harbour", {}, ("boat", "gulls")),
            ("crowd", {}, ("jump", "wave")),
            ("forklift", {}, ("forklift", "worker")),
            ("interview", {"caption": "yes"}, ("caption", "nod")),
        ],
    )
    def test_events_come_in_the_order_that_is_pinned(
        self, kind: str, pins: dict[str, str | int], orders: tuple[str, str]
    ) -> None:
        first, second = (SCENES[kind](Dice("3", {**pins, "order": order}), 5.0) for order in orders)
        texts = [[action.text for action in scene.actions] for scene in (first, second)]
        assert texts[0] != texts[1]
        assert sorted(texts[0]) == sorted(texts[1])
        assert first.description != second.description
        changed = [np.abs(first.draw(t).astype(int) - second.draw(t)).mean() for t in (1.0, 3.2)]
        assert max(changed) > 0.2


class TestFilm:
    def test_hard_cuts_change_at_their_frame(self) -> None:
        film = Film("f", (Shot("reef", 1.0), Shot("clock", 1.0)), Fraction(10))
        assert film.frames == 20
        assert film.joins == ((10, 10, 10),)
        steps = [np.abs(film.picture(n).astype(int) - film.picture(n + 1)).mean() for n in (8, 9, 10)]
        assert steps[1] > 5 * max(steps[0], steps[2])

    def test_a_dissolve_mixes_from_its_first_frame_to_its_first_clean_one(self) -> None:
        film = Film("f", (Shot("reef", 2.0), Shot("clock", 2.0, join="dissolve")), Fraction(10))
        assert film.joins == ((16, 20, 24),)
        assert film.spans == ((0, 24), (16, 40))
        before, after = (film.scenes[n].draw(t) for n, t in ((0, 2.0), (1, 0.4)))
        mixed = film.picture(20).astype(float)
        assert np.abs(mixed - (before * (4 / 9) + after * (5 / 9))).max() < 1.5
        assert np.array_equal(film.picture(24), film.scenes[1].draw(0.8))

    def test_a_fade_goes_through_black(self) -> None:
        film = Film("f", (Shot("reef", 2.0), Shot("clock", 2.0, join="fade")), Fraction(10))
        first, _, clean = film.joins[0]
        light = [film.picture(frame).mean() for frame in range(first, clean)]
        assert min(light) < 0.2 * min(light[0], light[-1])

    def test_a_varying_rate_is_the_same_each_time_and_varies(self) -> None:
        films = [Film("v", (Shot("reef", 3.0),), None) for _ in range(2)]
        assert films[0].times == films[1].times
        assert len({later - time for time, later in zip(films[0].times, films[0].times[1:], strict=False)}) > 1


class TestSound:
    @pytest.mark.parametrize("kind", SOUNDS)
    def test_sound_is_as_long_as_asked_heard_and_repeatable(self, kind: str) -> None:
        samples = make_sound(kind, 3.0, 1)
        assert len(samples) == 3 * RATE
        assert 0.3 < np.abs(samples).max() <= 1
        assert np.array_equal(samples, make_sound(kind, 3.0, 1))


class TestVariations:
    def test_the_first_of_a_seed_do_not_depend_on_the_count(self) -> None:
        few, many = list(variations(5, 3)), list(variations(24, 3))
        assert [sample.film for sample in few] == [sample.film for sample in many[:5]]
        assert {sample.film.shots[0].kind for sample in many} == set(SCENES)

    def test_the_rounds_differ(self) -> None:
        told = {sample.film.scenes[0].description for sample in variations(2 * len(SCENES), 3)}
        assert len(told) > 1.7 * len(SCENES)
