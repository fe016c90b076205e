from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from indexer.segmentation.windows import windows

counts, blocks, contexts = st.integers(0, 200), st.integers(1, 20), st.integers(0, 30)


@given(counts, blocks, contexts)
def test_every_item_is_in_one_block_in_order(count: int, block: int, context: int) -> None:
    seen = [
        item for window in windows(range(count), block=block, context=context) for item in window.items[window.block]
    ]
    assert seen == list(range(count))


@given(counts, blocks, contexts)
def test_a_block_is_seen_with_its_context(count: int, block: int, context: int) -> None:
    for window in windows(range(count), block=block, context=context):
        first, last = window.items[window.block][0], window.items[window.block][-1]
        assert window.items[0] == max(0, first - context)
        assert window.items[-1] >= min(count - 1, last + context)
        assert len(window.items) <= block + 2 * context


@given(counts, blocks, contexts)
def test_no_more_is_read_ahead_than_is_shown(count: int, block: int, context: int) -> None:
    read = 0

    def counted() -> Iterator[int]:
        nonlocal read
        for item in range(count):
            read = item + 1
            yield item

    for window in windows(counted(), block=block, context=context):
        assert read == window.items[-1] + 1
