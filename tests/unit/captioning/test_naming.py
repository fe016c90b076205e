"""What is asked for as a captioner, as one lasting text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning import CaptionerName, choose_captioner
from indexer.errors import ComponentError


@given(
    name=st.text(st.characters(exclude_characters="?"), min_size=1),
    budget=st.none() | st.integers(1, 100_000).map(float),
)
def test_the_text_says_all(name: str, budget: float | None) -> None:
    asked = CaptionerName(name, budget)
    assert CaptionerName.read(str(asked)) == asked


@pytest.mark.parametrize("number", ["", "0", "-3", "many", "nan", "inf", "1e9"])
def test_a_budget_that_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ComponentError, match="vision tokens"):
        CaptionerName.read(f"model?tokens_per_second={number}")


def test_only_names_of_servers_are_served() -> None:
    assert CaptionerName.read("openai:model@http://localhost:8000/v1").is_served
    assert not CaptionerName.read("openai/model").is_served


def test_measured_spends_no_tokens_and_says_so() -> None:
    with pytest.raises(ComponentError, match="no model"):
        choose_captioner("measured?tokens_per_second=88")
