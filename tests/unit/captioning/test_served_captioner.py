"""The captioner on a server: what it sends, and what becomes of all that may come back."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from indexer.captioning import CaptionerName, Clip
from indexer.captioning.base import NotWanted
from indexer.captioning.served import Patience, ServedCaptioner, open_served
from indexer.domain import CaptionDraft, Frame, TokenCost
from indexer.errors import ComponentAway, ComponentError
from indexer.timecode import TimeRange
from tests.fakes.openai_server import Asked, OpenAIServer, Told, as_json, caption, error

HURRIED = Patience(tries=3, first_wait_s=0.01, longest_wait_s=0.05, connect_s=5, answer_s=20, in_all_s=30)
KEY = "sk-never-to-be-seen-0123456789"
LOOP = "A man rides. He turns. " + "He waves. " * 9


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHOTLIST_OPENAI_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running
        assert running.faults == []


def opened(server: OpenAIServer, *, patience: Patience = HURRIED, at_once: int = 4) -> ServedCaptioner:
    return open_served(CaptionerName.read(server.name()), patience=patience, at_once=at_once)


def clip_of(shade: int, frames: int = 4) -> Clip:
    start, step = shade * 10_000_000, 500_000
    picture = np.full((36, 64, 3), shade, np.uint8)
    shown = tuple(Frame(start + number * step, step, picture) for number in range(frames))
    return Clip(TimeRange(start, start + frames * step), shown)


def one_draft(server: OpenAIServer, clip: Clip | None = None) -> CaptionDraft:
    (draft,) = opened(server).captions([clip or clip_of(100)])
    return draft


class TestRequests:
    def test_pictures_go_with_their_times_and_the_prompt(self, server: OpenAIServer) -> None:
        draft = one_draft(server)
        (asked,) = server.asked
        assert [one.seconds for one in asked.pictures] == [0.0, 0.5, 1.0, 1.5]
        assert {one.size for one in asked.pictures} == {(64, 36)}
        assert all(abs(one.brightness - 100) <= 2 for one in asked.pictures)
        assert asked.prompt.startswith("Describe this shot")
        assert asked.body["model"] == "tiny-vl"
        assert asked.body["temperature"] == 0
        assert "authorization" not in asked.headers
        assert draft.cost == TokenCost(400, 12)
        assert draft.text.startswith("A clip of 4 pictures")

    def test_drafts_come_in_order_whatever_comes_back_first(self, server: OpenAIServer) -> None:
        last = threading.Event()

        def reply(asked: Asked) -> Told:
            number = asked.pictures[0].brightness // 10
            if number == 4:
                last.set()
            said = caption(f"Clip number {number}.")
            return Told(said.status, said.body, said.headers, until=last)  # none before the fourth is asked for

        server.reply = reply
        drafts = list(opened(server).captions([clip_of(number * 10 + 5, frames=1) for number in range(1, 9)]))
        assert [draft.text for draft in drafts] == [f"Clip number {number}." for number in range(1, 9)]

    def test_no_more_requests_at_once_than_agreed_in_all_threads(self, server: OpenAIServer) -> None:
        three = threading.Event()

        def reply(asked: Asked) -> Told:
            if server.most_at_once >= 3:
                three.set()
            said = caption("A dog.")
            return Told(said.status, said.body, said.headers, until=three)

        server.reply = reply
        captioner = opened(server, at_once=3)
        clips = [clip_of(shade, frames=1) for shade in range(10, 22)]
        with ThreadPoolExecutor(4) as threads:
            told = list(threads.map(lambda _: list(captioner.captions(clips)), range(4)))
        assert all(drafts == told[0] for drafts in told)
        assert server.most_at_once == 3

    def test_it_reads_no_further_ahead_than_its_window(self, server: OpenAIServer) -> None:
        captioner = opened(server, at_once=1)
        read = []
        drafts = captioner.captions(read.append(shade) or clip_of(shade, frames=1) for shade in range(1, 100))  # type: ignore[func-returns-value]
        next(drafts)
        assert len(read) <= captioner.window + 1
        drafts.close()

    def test_closing_early_calls_off_what_is_on_its_way(self, server: OpenAIServer) -> None:
        never = threading.Event()
        server.reply = lambda asked: caption("The first.") if asked.pictures[0].brightness < 50 else Told(until=never)
        drafts = opened(server, at_once=2).captions([clip_of(shade, frames=1) for shade in (10, 100, 150, 200)])
        assert next(drafts).text == "The first."
        for _ in range(3):
            assert server.began.acquire(timeout=20)
        drafts.close()
        for _ in range(2):
            assert server.hung_up.acquire(timeout=20)

    @pytest.mark.parametrize("clips", [1, 20])  # no more are to come, or the window is full
    def test_a_server_that_hangs_is_not_waited_for_once_its_drafts_are_not_wanted(
        self, server: OpenAIServer, clips: int
    ) -> None:
        """Without this it would be waited for until `ComponentAway`."""
        server.reply = lambda asked: Told(until=threading.Event())
        drafts = opened(server, at_once=1).captions(
            [clip_of(shade, frames=1) for shade in range(10, 10 + clips)],
            wanted=lambda: not server.began.acquire(blocking=False),
        )
        with pytest.raises(NotWanted):
            next(drafts)
        assert server.hung_up.acquire(timeout=20)
        assert len(server.asked) == 1

    def test_a_slow_server_is_waited_for_as_long_as_its_drafts_are_wanted(self, server: OpenAIServer) -> None:
        asked_again, enough = [], threading.Event()

        def wanted() -> bool:
            asked_again.append(1)
            if len(asked_again) == 3:
                enough.set()
            return True

        said = caption("A dog.")
        server.reply = lambda asked: Told(said.status, said.body, said.headers, until=enough)
        drafts = list(opened(server).captions([clip_of(1)], wanted=wanted))
        assert [draft.text for draft in drafts] == ["A dog."]


class TestAnswers:
    @pytest.mark.parametrize(
        "told",
        [
            caption(None, refusal="I can't describe people."),
            caption("", finish="content_filter"),
            caption("A man wal", finish="content_filter"),
            caption("I'm sorry, but I can't assist with that."),
        ],
    )
    def test_a_refusal_is_no_caption(self, server: OpenAIServer, told: Told) -> None:
        server.script.append(told)
        assert one_draft(server) == CaptionDraft("", problem="refusal", cost=TokenCost(90, 9))

    @pytest.mark.parametrize("said", [None, "", "<think>What is this?</think>", "..."])
    def test_nothing_is_no_caption(self, server: OpenAIServer, said: str | None) -> None:
        server.script.append(caption(said))
        assert one_draft(server).problem == "empty"

    def test_an_answer_without_a_cost_is_an_answer(self, server: OpenAIServer) -> None:
        server.script.append(
            as_json({"choices": [{"message": {"content": "A dog."}}], "usage": {"prompt_tokens": "?"}})
        )
        assert one_draft(server) == CaptionDraft("A dog.")

    def test_a_loop_is_asked_about_once_more(self, server: OpenAIServer) -> None:
        server.script.extend([caption(LOOP), caption("A man rides and waves.")])
        assert one_draft(server) == CaptionDraft("A man rides and waves.", cost=TokenCost(180, 18))
        assert [asked.body.get("frequency_penalty") for asked in server.asked] == [None, 0.5]

    @pytest.mark.parametrize("second", [caption(LOOP), error(400, "unknown parameter"), caption(None)])
    def test_what_stands_before_a_second_loop_is_kept(self, server: OpenAIServer, second: Told) -> None:
        server.script.extend([caption(LOOP), second])
        assert one_draft(server).text == "A man rides. He turns. He waves."

    def test_a_loop_from_the_first_word_is_a_problem(self, server: OpenAIServer) -> None:
        server.script.extend([caption("the " * 50), caption("the " * 50)])
        assert one_draft(server) == CaptionDraft("", problem="loop", cost=TokenCost(180, 18))


class TestTrouble:
    def test_a_busy_and_a_stumbling_server_are_asked_again(self, server: OpenAIServer) -> None:
        server.script.extend(
            [error(429, "slow down", headers={"Retry-After": "0"}), error(500, "ouch"), caption("A dog.")]
        )
        assert one_draft(server).text == "A dog."
        assert len(server.asked) == 3

    def test_a_server_that_is_asked_to_be_waited_for_too_long_is_not(self, server: OpenAIServer) -> None:
        """The test would take an hour."""
        server.script.extend([error(429, "slow down", headers={"Retry-After": "3600"}), caption("A dog.")])
        assert one_draft(server).text == "A dog."

    @pytest.mark.parametrize(("status", "words"), [(429, "is too busy: no room"), (503, "status 503: no room")])
    def test_one_that_stays_so_ends_the_work(self, server: OpenAIServer, status: int, words: str) -> None:
        server.reply = lambda asked: error(status, "no room")
        with pytest.raises(ComponentAway, match=words):
            one_draft(server)
        assert len(server.asked) == HURRIED.tries

    def test_no_answer_in_time_is_asked_for_again(self, server: OpenAIServer) -> None:
        server.script.extend([Told(until=threading.Event()), caption("A dog.")])
        captioner = opened(server, patience=Patience(tries=2, first_wait_s=0.01, answer_s=1.0))
        assert [draft.text for draft in captioner.captions([clip_of(1)])] == ["A dog."]

    def test_a_server_that_is_not_there_is_told_with_its_address(self) -> None:
        with OpenAIServer() as gone:
            captioner = opened(gone)
        with pytest.raises(ComponentAway, match=rf"http://127.0.0.1:{gone.port} cannot be reached .* start it"):
            list(captioner.captions([clip_of(1)]))
        with pytest.raises(ComponentAway, match="cannot be reached"):
            opened(gone)

    @pytest.mark.parametrize(
        "body", [b"<html>Welcome</html>", b"{}", b'{"choices": []}', b"\xff", b"[" * 5000, b"x" * (2 << 20)]
    )
    def test_garbage_is_told_as_that(self, server: OpenAIServer, body: bytes) -> None:
        server.script.append(Told(200, body))
        with pytest.raises(ComponentError, match=r"does not speak the OpenAI protocol .*/v1"):
            one_draft(server)

    def test_an_unknown_model_is_told_with_those_that_are_there(self, server: OpenAIServer) -> None:
        server.script.append(error(404, "The model does not exist.", code="model_not_found"))
        with pytest.raises(ComponentError, match="has no model tiny-vl; it has: tiny-vl"):
            one_draft(server)

    def test_an_unfitting_request_is_tried_with_half_of_the_frames(self, server: OpenAIServer) -> None:
        server.script.append(error(400, "maximum context length is 2048 tokens"))
        assert one_draft(server).text.startswith("A clip of 2 pictures")
        assert [one.seconds for one in server.asked[1].pictures] == [0.0, 1.0]

    def test_a_clip_that_alone_is_rejected_is_that_clips_problem(self, server: OpenAIServer) -> None:
        server.reply = lambda asked: (
            error(400, "against our rules") if asked.pictures[0].brightness < 50 else caption("A dog.")
        )
        drafts = list(opened(server, at_once=1).captions([clip_of(10), clip_of(200), clip_of(10)]))
        assert [draft.problem for draft in drafts] == ["rejected", None, "rejected"]
        assert [draft.text for draft in drafts] == ["", "A dog.", ""]

    def test_a_clip_that_alone_makes_the_server_stumble_is_that_clips_problem(self, server: OpenAIServer) -> None:
        server.reply = lambda asked: error(500, "no slot") if asked.pictures[0].brightness < 50 else caption("A dog.")
        drafts = list(opened(server, at_once=1).captions([clip_of(200), clip_of(10), clip_of(200)]))
        assert [draft.problem for draft in drafts] == [None, "rejected", None]

    def test_one_that_stumbles_over_everything_ends_the_work(self, server: OpenAIServer) -> None:
        server.script.append(caption("A dog."))
        server.reply = lambda asked: error(500, "out of memory")
        drafts = opened(server, at_once=1).captions([clip_of(200), clip_of(10), clip_of(20)])
        assert next(drafts).text == "A dog."
        with pytest.raises(ComponentAway, match="accepts no pictures: out of memory"):
            next(drafts)

    def test_a_server_that_takes_no_pictures_at_all_ends_the_work(self, server: OpenAIServer) -> None:
        server.reply = lambda asked: error(400, "tiny-vl is not a multimodal model")
        with pytest.raises(ComponentError, match="accepts no pictures: tiny-vl is not a multimodal model; start it"):
            list(opened(server).captions([clip_of(shade) for shade in range(20)]))


class TestKeyAndPlace:
    @pytest.mark.parametrize("variable", ["SHOTLIST_OPENAI_KEY", "OPENAI_API_KEY"])
    def test_the_key_is_sent_and_nowhere_told(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, variable: str
    ) -> None:
        monkeypatch.setenv(variable, KEY)
        caplog.set_level(logging.DEBUG)
        with OpenAIServer(key=KEY) as server:
            server.script.extend([error(500, f"your key {KEY} is fine"), error(400, KEY), caption("A dog.")])
            captioner = opened(server)
            assert [draft.text for draft in captioner.captions([clip_of(1)])] == ["A dog."]
            server.reply = lambda asked: error(500, f"your key {KEY} is fine")
            with pytest.raises(ComponentAway, match=r"your key \[key\] is fine"):
                list(captioner.captions([clip_of(1)]))
        assert KEY not in f"{captioner.recipe} {captioner.note} {caplog.text}"

    def test_a_server_that_wants_a_key_says_where_to_put_it(self) -> None:
        with (
            OpenAIServer(key=KEY) as server,
            pytest.raises(ComponentError, match=r"wants a key: .* SHOTLIST_OPENAI_KEY"),
        ):
            opened(server)

    def test_a_wrong_key_is_told_without_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "wrong-one")
        with OpenAIServer(key=KEY) as server, pytest.raises(ComponentError, match="OPENAI_API_KEY: put") as told:
            opened(server)
        assert "wrong-one" not in str(told.value)

    def test_an_empty_variable_of_our_own_sends_no_key(
        self, monkeypatch: pytest.MonkeyPatch, server: OpenAIServer
    ) -> None:
        monkeypatch.setenv("SHOTLIST_OPENAI_KEY", "")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        one_draft(server)
        assert "authorization" not in server.asked[0].headers

    def test_what_cannot_be_a_key_is_not_sent(self, monkeypatch: pytest.MonkeyPatch, server: OpenAIServer) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "my secret\nline")
        with pytest.raises(ComponentError, match="OPENAI_API_KEY is no key") as told:
            opened(server)
        assert "secret" not in str(told.value)

    def test_a_redirect_is_not_followed(self, monkeypatch: pytest.MonkeyPatch, server: OpenAIServer) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with OpenAIServer() as other:
            server.script.append(Told(307, headers={"Location": f"http://localhost:{other.port}/v1/chat/completions"}))
            with pytest.raises(ComponentError, match="sends requests on to http://localhost"):
                one_draft(server)
            assert other.paths == []

    def test_footage_stays_here_unless_it_is_permitted(self) -> None:
        name = CaptionerName.read("openai:m@https://captions.invalid/v1")
        for permitted in (
            frozenset[str](),
            frozenset({"http://captions.invalid:443", "https://captions.invalid:8443"}),
        ):
            with pytest.raises(
                ComponentError, match=r"https://captions.invalid:443 is not this machine.*--allow-remote"
            ):
                open_served(name, permitted=permitted)

    def test_proxies_are_for_other_machines(self, monkeypatch: pytest.MonkeyPatch, server: OpenAIServer) -> None:
        with OpenAIServer() as proxy:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            for name in ("NO_PROXY", "no_proxy"):
                monkeypatch.delenv(name, raising=False)
            one_draft(server)
            assert proxy.paths == []
            elsewhere = CaptionerName.read("openai:tiny-vl@http://captions.invalid:8000/v1")
            permitted = frozenset({"http://captions.invalid:8000"})
            assert len(list(open_served(elsewhere, permitted=permitted, patience=HURRIED).captions([clip_of(1)]))) == 1
            assert proxy.asked[0].path == "http://captions.invalid:8000/v1/chat/completions"

    def test_a_name_that_no_longer_stands_for_this_machine_is_not_written_to(
        self, monkeypatch: pytest.MonkeyPatch, server: OpenAIServer
    ) -> None:
        captioner = open_served(CaptionerName.read(server.name().replace("127.0.0.1", "localhost")), patience=HURRIED)
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("192.0.2.7", 0))])
        with pytest.raises(ComponentError, match="not this machine"):
            next(captioner.captions([clip_of(1)]))
        assert server.asked == []


class TestRecipe:
    def test_it_names_model_url_prompt_and_parameters(self, server: OpenAIServer) -> None:
        captioner = opened(server)
        assert captioner.recipe.startswith(f"openai/1 tiny-vl@http://127.0.0.1:{server.port}/v1 prompt=describe-1:")
        assert captioner.recipe.endswith(" frames=1/s,2-16,448px,jpeg90 tokens=160")
        assert captioner.note == f"tiny-vl on the server http://127.0.0.1:{server.port}, 4 requests at a time"

    @pytest.mark.parametrize(
        ("listed", "told"),
        [
            ({"id": "tiny-vl", "root": "Qwen/Qwen3-VL-4B"}, " is=Qwen/Qwen3-VL-4B prompt="),
            ({"id": "tiny-vl", "meta": {"n_params": 4, "size": 9, "n_ctx": 7}}, " is=4parameters,9bytes prompt="),
            ({"id": "tiny-vl", "root": "tiny-vl", "created": 5}, "1 prompt="),
            ({"id": "another", "root": "Qwen/Qwen3-VL-4B"}, " prompt="),
        ],
    )
    def test_it_holds_what_the_server_says_is_behind_the_name(self, listed: object, told: str) -> None:
        with OpenAIServer(models=[listed]) as server:
            recipe = opened(server).recipe
            assert told in recipe.replace(str(server.port), "1")
            assert ("is=" in told) == ("is=" in recipe)

    def test_a_server_without_a_list_of_models_will_do(self, server: OpenAIServer) -> None:
        server.models = Told(404, b"Not Found")
        assert one_draft(server).text

    def test_one_that_is_not_ready_is_no_server_without_a_list(self, server: OpenAIServer) -> None:
        server.models = error(503, "Loading model")
        with pytest.raises(ComponentAway, match="Loading model"):
            opened(server)

    def test_another_path_on_the_same_server_is_another_recipe(self, server: OpenAIServer) -> None:
        """A gateway may keep one model's name for several."""
        server.models = Told(404, b"Not Found")
        recipes = [
            open_served(CaptionerName.read(server.name(path=path)), patience=HURRIED).recipe
            for path in ("/a/v1", "/b/v1", "/b/v1/")
        ]
        assert recipes[0].replace("/a/v1", "/b/v1") == recipes[1] == recipes[2] != recipes[0]

    def test_more_tokens_a_second_are_another_recipe(self, server: OpenAIServer) -> None:
        asked = CaptionerName.read(f"{server.name()}?tokens_per_second=784")
        assert " frames=2/s,2-16,728px,jpeg90 " in open_served(asked, patience=HURRIED).recipe
