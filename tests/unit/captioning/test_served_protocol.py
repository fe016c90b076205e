"""What goes to a server and comes from it, and when it is asked again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning import Clip
from indexer.captioning.served.captioner import FRAMES, frames_for
from indexer.captioning.served.protocol import (
    NotTheProtocol,
    Question,
    read_answer,
    read_complaint,
    read_models,
    request_body,
    summed,
)
from indexer.captioning.served.retrying import (
    Patience,
    Reply,
    Unanswered,
    asked_wait_s,
    is_to_be_repeated,
    persist,
    wait_s,
)
from indexer.domain import Frame, TokenCost
from indexer.timecode import TimeRange

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
AT_ONCE = Patience(tries=3, first_wait_s=0.0, longest_wait_s=0.0)


class TestRequests:
    def test_the_same_clip_is_the_same_request(self) -> None:
        picture = np.random.default_rng(1).integers(0, 256, (36, 64, 3), dtype=np.uint8)
        clip = Clip(TimeRange(5_000_000, 6_000_000), (Frame(5_250_000, 40_000, picture),))
        body = request_body(Question("m", "Describe.", 80), clip)
        assert body == request_body(Question("m", "Describe.", 80), clip)
        content = json.loads(body)["messages"][0]["content"]
        assert [part["type"] for part in content] == ["text", "image_url", "text"]
        assert content[0]["text"] == "At 0.2 seconds:"
        assert content[2]["text"] == "Describe."


class TestAnswers:
    @given(st.binary(max_size=200))
    def test_any_bytes_are_an_answer_or_told_to_be_none(self, body: bytes) -> None:
        for read in (read_answer, read_models):
            with pytest.raises(NotTheProtocol):
                read(body)
        assert len(read_complaint(body).message) <= 300

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda x: (
                st.lists(x)
                | st.dictionaries(
                    st.sampled_from(["error", "message", "code", "detail", "choices", "usage"]) | st.text(), x
                )
            ),
        )
    )
    def test_any_json_can_be_a_complaint(self, said: object) -> None:
        complaint = read_complaint(msgspec.json.encode(said))
        assert len(complaint.message) <= 300
        assert complaint.message.isprintable()

    @pytest.mark.parametrize(
        ("body", "message", "code"),
        [
            (
                '{"error": {"message": "too long", "type": "invalid_request_error", "code": "context"}}',
                "too long",
                "context",
            ),
            ('{"error": {"message": "too long", "type": "BadRequestError", "code": 400}}', "too long", "400"),
            ('{"error": "model \'x\' not found"}', "model 'x' not found", ""),
            ('{"object": "error", "message": "too long", "type": "BadRequestError"}', "too long", "BadRequestError"),
            ('{"detail": "Not Found"}', "Not Found", ""),
            ("Bad Gateway\n", "Bad Gateway", ""),
            ("", "", ""),
        ],
    )
    def test_complaints_of_several_servers(self, body: str, message: str, code: str) -> None:
        complaint = read_complaint(body.encode())
        assert (complaint.message, complaint.code) == (message, code)

    def test_costs_are_added_where_they_are_known(self) -> None:
        assert summed([TokenCost(1, 2), None, TokenCost(10, 20)]) == TokenCost(11, 22)
        assert summed([None]) is None


class TestPatience:
    @given(
        number=st.integers(1, 100),
        said=st.none() | st.floats(0, 1e6),
        chance=st.floats(0, 1, exclude_max=True),
        longest=st.floats(1, 100),
    )
    def test_a_wait_is_bounded_and_no_shorter_than_asked(
        self, number: int, said: float | None, chance: float, longest: float
    ) -> None:
        wait = wait_s(number, said, Patience(longest_wait_s=longest), chance)
        assert min(0.25 * 2 ** min(number - 1, 30), said or 0.0, longest) <= wait <= longest
        if said is not None:
            assert wait >= min(said, longest)

    def test_waits_double(self) -> None:
        waits = [wait_s(number, None, Patience(), 0.0) for number in range(1, 6)]
        assert waits == [0.5, 1.0, 2.0, 4.0, 8.0]

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            (None, None),
            ("7", 7.0),
            (" 0 ", 0.0),
            (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
            (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
            ("soon", None),
            ("-5", None),
            ("9" * 400, None),
        ],
    )
    def test_retry_after_is_seconds_or_a_date(self, header: str | None, seconds: float | None) -> None:
        assert asked_wait_s(header, NOW) == seconds

    @given(st.text())
    def test_any_header_is_read(self, header: str) -> None:
        said = asked_wait_s(header, NOW)
        assert said is None or said >= 0

    def test_what_is_repeated(self) -> None:
        assert [status for status in range(200, 600) if is_to_be_repeated(status)][:5] == [408, 409, 425, 429, 500]
        assert not is_to_be_repeated(501)

    def test_the_first_good_reply_ends_it(self) -> None:
        replies: list[Reply | Unanswered] = [Unanswered("refused"), Reply(503, b""), Reply(400, b"x"), Reply(200, b"")]
        assert asyncio.run(persist(_giving(replies), AT_ONCE)) == Reply(400, b"x")

    def test_the_last_reply_counts_where_none_is_good(self) -> None:
        assert asyncio.run(persist(_giving([Reply(500, b""), Unanswered("x"), Reply(503, b"")]), AT_ONCE)).status == 503
        with pytest.raises(Unanswered, match="gone"):
            asyncio.run(persist(_giving([Reply(500, b""), Reply(503, b""), Unanswered("gone")]), AT_ONCE))

    def test_no_try_is_begun_when_the_time_is_up(self) -> None:
        replies: list[Reply | Unanswered] = [Unanswered("slow"), Reply(200, b"")]
        with pytest.raises(Unanswered, match="slow"):
            asyncio.run(persist(_giving(replies), Patience(first_wait_s=0.0, in_all_s=-1.0)))


def _giving(replies: list[Reply | Unanswered]) -> Callable[[], Awaitable[Reply]]:
    left = iter(replies)

    async def give() -> Reply:
        reply = next(left)
        if isinstance(reply, Unanswered):
            raise reply
        return reply

    return give


class TestFrames:
    @given(st.floats(0.1, 1e5))
    def test_any_budget_gives_frames_within_bounds(self, budget: float) -> None:
        wants = frames_for(budget)
        assert 0.25 <= wants.per_second <= 2
        assert (wants.at_least, wants.at_most) == (2, 16)
        assert 112 <= wants.longest_side <= 1344
        assert wants.longest_side % 28 == 0

    @given(st.floats(9.1, 2500))
    def test_the_budget_is_kept_about(self, budget: float) -> None:
        wants = frames_for(budget)
        spent = wants.per_second * (wants.longest_side / 28) ** 2 * 9 / 16
        assert 0.7 * budget <= spent <= 1.35 * budget

    def test_no_budget_is_a_frame_a_second(self) -> None:
        assert frames_for(None) == frames_for(144.0) == FRAMES
