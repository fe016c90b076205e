from hypothesis import given
from hypothesis import strategies as st

from indexer.embedding.tokens import batches_of_one_length, readable


@given(st.lists(st.integers(1, 6)), st.integers(1, 4))
def test_every_text_is_in_one_batch_of_its_length(lengths: list[int], largest: int) -> None:
    batches = list(batches_of_one_length(lengths, largest))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= largest
        assert len({lengths[position] for position in batch}) == 1


@given(st.text(st.characters(exclude_categories=())))
def test_readable_text_can_be_encoded(text: str) -> None:
    assert len(readable(text).encode("utf-8")) >= len(text)


def test_readable_leaves_good_text_alone() -> None:
    assert readable("łódź 🐕") == "łódź 🐕"
