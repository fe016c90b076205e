"""Vision tokens per second of video, and the frames that follow."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.captioning.vision_language.budget import TOKENS_PER_SECOND, FramePlan, plan_frames
from indexer.captioning.vision_language.limits import Grid, Limits, Square

QWEN3_VL = Limits("video", Grid(32, 2, 4096, 25_165_824, "clip"), 2.0, 4, 768)
SMOLVLM2 = Limits("video", Square(384, 81), 1.0, 2, 64)

budgets = st.floats(0.5, 5000)
grids = st.builds(
    Grid,
    factor=st.sampled_from((16, 24, 28, 32, 48)),
    temporal=st.sampled_from((1, 2)),
    least_pixels=st.integers(0, 30_000),
    most_pixels=st.integers(500_000, 30_000_000),
    pixels_of=st.sampled_from(("clip", "frame")),
)
squares = st.builds(Square, side=st.integers(224, 980), tokens=st.integers(16, 1500))
rates = st.floats(0.5, 4.0)


def limits_of(picture: Grid | Square, rate: float, least: int, most: int) -> Limits:
    return Limits("video", picture, rate, least, max(most, least))


everything = st.builds(limits_of, st.one_of(grids, squares), rates, st.integers(1, 8), st.integers(1, 768))


def tokens_of(limits: Limits, plan: FramePlan, seconds: float, ratio: float = 16 / 9) -> float:
    """Of a segment of pictures of this shape, as the models' own rules count them."""
    picture, wants = limits.picture, plan.wants
    frames = min(max(round(seconds * wants.per_second), wants.at_least), wants.at_most)
    if isinstance(picture, Square):
        return picture.tokens * frames
    assert plan.most_pixels is not None
    width = wants.longest_side if ratio >= 1 else wants.longest_side * ratio
    height = width / ratio
    pixels = width * height
    if pixels > plan.most_pixels:
        shrink = math.sqrt(plan.most_pixels / pixels)
        width, height = width * shrink, height * shrink
    return width * height / picture.factor**2 * math.ceil(frames / picture.temporal)


@given(everything, budgets)
def test_a_plan_keeps_to_the_models_limits(limits: Limits, budget: float) -> None:
    wants = plan_frames(limits, budget).wants
    assert 0 < wants.per_second <= limits.most_per_second + 0.001
    assert 1 <= wants.at_least <= wants.at_most
    assert 32 <= wants.longest_side <= 2048
    assert wants.at_most <= max(limits.most_frames, wants.at_least)
    if isinstance(limits.picture, Grid):
        assert wants.at_least % limits.picture.temporal == wants.at_most % limits.picture.temporal == 0


@given(everything, st.floats(5, 5000), st.floats(12, 20), st.sampled_from((16 / 9, 4 / 3, 1.0, 9 / 16, 2.4)))
@example(limits_of(Grid(16, 1, 0, 500_000, "clip"), 0.5, 8, 1), 8.0, 12.0, 4 / 3)  # more frames than its rate brings
def test_no_shape_costs_more_than_the_budget_unless_the_least_does(
    limits: Limits, budget: float, seconds: float, ratio: float
) -> None:
    plan = plan_frames(limits, budget)
    least = plan_frames(limits, 0.001)
    allowed = max(budget * seconds, tokens_of(limits, least, seconds, ratio))
    picture = limits.picture
    one_more = picture.tokens if isinstance(picture, Square) else (plan.most_pixels or 0) / picture.factor**2
    assert tokens_of(limits, plan, seconds, ratio) <= 1.03 * allowed + one_more + 1


@given(everything, budgets, budgets)
def test_more_budget_never_brings_less(limits: Limits, one: float, other: float) -> None:
    small, large = (plan_frames(limits, budget).tokens_per_second for budget in sorted((one, other)))
    # whole frames and whole squares: a larger budget may lose a little where they fall badly
    assert large >= 0.75 * small


@given(everything, budgets)
def test_what_is_told_is_what_a_usual_segment_costs(limits: Limits, budget: float) -> None:
    plan = plan_frames(limits, budget)
    if plan.wants.longest_side > 40:  # smaller pictures are asked for larger than they are shown
        assert plan.tokens_per_second * 10 == pytest.approx(tokens_of(limits, plan, 10), rel=0.25, abs=8)


def test_the_default_of_a_model_of_each_kind() -> None:
    grid, square = plan_frames(QWEN3_VL), plan_frames(SMOLVLM2)
    assert (grid.wants.per_second, grid.wants.longest_side) == (1.0, 544)
    assert 0.9 * TOKENS_PER_SECOND <= grid.tokens_per_second <= TOKENS_PER_SECOND
    assert (square.wants.per_second, square.tokens_per_second) == (1.0, 81)


def test_a_large_budget_is_spent_on_frames_and_size() -> None:
    plan = plan_frames(QWEN3_VL, 784)
    assert plan.wants.per_second == 2.0
    assert plan.wants.longest_side > 1000
    assert 0.95 * 784 <= plan.tokens_per_second <= 784


def test_a_budget_below_the_least_is_told_with_the_least() -> None:
    plan = plan_frames(SMOLVLM2, 1)
    assert plan.wants.at_least == 2
    assert plan.tokens_per_second == pytest.approx(16.2)


def test_a_model_of_one_picture_is_shown_three_to_choose_from() -> None:
    plan = plan_frames(Limits("one image", Square(384, 576), 2.0, 2, 64), 88)
    assert (plan.wants.at_least, plan.wants.at_most, plan.tokens_per_second) == (3, 3, 0.0)
