"""What a model wrote is cleaned, bounded and kept from repeating itself."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning.generated_text import LONGEST, before_loop, clean_text, find_loop

PLAIN = (
    "A woman in a red coat walks along the pier at dusk, past moored fishing boats, while gulls circle overhead. "
    'Medium shot; the camera follows her to the left. A sign reads "FRESH FISH".'
)


@given(st.text(max_size=3000))
def test_any_text_becomes_one_clean_bounded_line(raw: str) -> None:
    text = clean_text(raw)
    assert len(text) <= LONGEST
    assert text == text.strip()
    assert not [mark for mark in text if mark != " " and unicodedata.category(mark)[0] in "CZ"]
    assert clean_text(text) == text


def test_chat_markers_thinking_and_control_characters_go() -> None:
    raw = "<think>hm, a dog?</think>A dog\x1b[31m runs.\n\u202eOn\tsand.<|im_end|>"
    assert clean_text(raw) == "A dog [31m runs. On sand."


def test_a_long_text_ends_with_a_sentence() -> None:
    assert clean_text("A boat passes the quay slowly. " * 100).endswith("slowly.")


def test_a_plain_caption_has_no_loop() -> None:
    assert find_loop(PLAIN) is None
    assert before_loop(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("looping", "kept"),
    [
        (
            "A man rides. He turns to the left. " + "He waves his hand. " * 5,
            "A man rides. He turns to the left. He waves his hand.",
        ),
        ("A dog runs and runs and " + "runs " * 9, "A dog runs and runs and runs"),
        ("the the the the the the the", "the"),
    ],
)
def test_a_phrase_said_over_and_over_is_kept_once(looping: str, kept: str) -> None:
    assert find_loop(clean_text(looping)) is not None
    assert before_loop(clean_text(looping)) == kept


def test_a_monotonous_text_without_an_exact_loop_is_cut() -> None:
    text = " ".join(f"There is a man standing on the left side, number {number}." for number in range(12))
    assert find_loop(text) is not None
    assert len(before_loop(text)) < len(text) / 3


@given(st.text(alphabet="ab. ", max_size=400))
def test_what_is_kept_is_the_beginning(raw: str) -> None:
    text = clean_text(raw)
    assert text.startswith(before_loop(text))
