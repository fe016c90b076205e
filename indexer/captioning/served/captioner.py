"""Captions by a model on a server that speaks the OpenAI protocol: frames go there as JPEG, with their times."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from indexer.captioning.base import Clip, FrameRequest, NotWanted, always_wanted
from indexer.captioning.generated_text import clean_text, draft_of, find_loop, without_loop
from indexer.captioning.prompts import Prompt
from indexer.captioning.served.address import ServerAddress, refuse_unpermitted
from indexer.captioning.served.connection import Connection
from indexer.captioning.served.protocol import JPEG_QUALITY, Question, Style, request_body, summed
from indexer.captioning.served.server import Rejected, Server, Stumbled
from indexer.domain import CaptionDraft, Frame, Recipe
from indexer.errors import ComponentAway, ComponentError

FRAMES: Final = FrameRequest(per_second=1.0, at_least=2, at_most=16, longest_side=448)
NEW_TOKENS: Final = 160
TOKEN_SIDE: Final = 28  # pixels; servers do not tell, so a token is taken to see 28 x 28, as Qwen2.5-VL's do
_WIDE: Final = 9 / 16  # of a frame, for the same reckoning
_ASKED_EVERY_S: Final = 0.2  # whether a draft that is waited for is wanted still

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """What a captioner on a server is made of."""

    address: ServerAddress
    permitted: frozenset[str]  # servers off this machine
    server: Server
    connection: Connection
    prompt: Prompt
    wants: FrameRequest
    identity: str | None  # what the server says is behind the model's name
    at_once: int  # requests


class ServedCaptioner:
    """At most `at_once` requests are on their way at a time, whatever the number of threads that want captions."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._question = Question(serving.address.model, serving.prompt.text, NEW_TOKENS)
        self._places = asyncio.Semaphore(serving.at_once)
        self._accepted = False

    @property
    def recipe(self) -> Recipe:
        """Model, URL, prompt and parameters; and what the server says is behind the model's name, where it does."""
        made = self._serving
        identity = f" is={made.identity}" if made.identity else ""
        wants = made.wants
        frames = f"{wants.per_second:g}/s,{wants.at_least}-{wants.at_most},{wants.longest_side}px,jpeg{JPEG_QUALITY}"
        return Recipe(
            f"openai/1 {made.address.model}@{made.address.base_url}{identity} prompt={made.prompt.name}:"
            f"{made.prompt.digest} frames={frames} tokens={NEW_TOKENS}"
        )

    @property
    def wants(self) -> FrameRequest:
        return self._serving.wants

    def foretell(self) -> str:
        return ""  # how fast a server is turns on who else asks it

    @property
    def window(self) -> int:
        """Twice what is on its way, so that a slow answer does not hold up those behind it at once."""
        return 2 * self._serving.at_once

    @property
    def note(self) -> str:
        address = self._serving.address
        return f"{clean_text(address.model)} on the server {address.place}, {self._serving.at_once} requests at a time"

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        """One draft a clip, in order. Raises `ComponentAway` where the server stays away, `ComponentError` where it is
        not fit, or a name that stood for this machine now stands for another, and `NotWanted`."""
        refuse_unpermitted(self._serving.address, self._serving.permitted)
        begun: deque[Future[CaptionDraft]] = deque()
        try:
            for clip in clips:
                begun.append(self._serving.connection.begin(self._draft(clip)))
                while begun and (len(begun) >= self.window or begun[0].done()):
                    yield _next_draft(begun, wanted)
            while begun:
                yield _next_draft(begun, wanted)
        finally:
            for future in reversed(begun):  # or a request would begin in each place that comes free
                future.cancel()

    async def _draft(self, clip: Clip) -> CaptionDraft:
        if not clip.frames:
            return CaptionDraft("")
        try:
            return await self._caption(clip)
        except Rejected:
            _log.info("the server rejects a clip of %d frames; it is asked about half of them", len(clip.frames))
        try:
            return await self._caption(replace(clip, frames=clip.frames[::2]))
        except Rejected as error:
            if not self._accepted or isinstance(error, Stumbled):
                await self._refuse_deaf_server(clip)
            _log.warning("the server rejects a clip: %s", error)
            return CaptionDraft("", problem="rejected")

    async def _caption(self, clip: Clip) -> CaptionDraft:
        draft = await self._write(clip, "plain")
        if find_loop(draft.text) is None:
            return draft
        try:
            again = await self._write(clip, "no repeating")
        except Rejected:  # it knows no such setting
            return without_loop(draft)
        better = draft if again.problem else again
        return without_loop(replace(better, cost=summed((draft.cost, again.cost))))

    async def _write(self, clip: Clip, style: Style) -> CaptionDraft:
        async with self._places:  # which are given in the clips' order
            body = await asyncio.to_thread(request_body, self._question, clip, style)
            answer = await self._serving.server.complete(body)
        self._accepted = True
        if answer.refused:
            return CaptionDraft("", problem="refusal", cost=answer.cost)
        return draft_of(answer.text, answer.cost)

    async def _refuse_deaf_server(self, clip: Clip) -> None:
        """Is it this clip that the server does not take, or any? Two grey pictures of its size will tell."""
        grey = tuple(Frame(at.t_us, at.duration_us, np.full_like(at.pixels, 128)) for at in clip.frames[:2])
        try:
            await self._write(replace(clip, frames=grey), "plain")
        except Rejected as error:
            kind = ComponentAway if isinstance(error, Stumbled) else ComponentError
            raise kind(
                f"the captioner's server {self._serving.address.place} accepts no pictures: {error}; start it with a "
                "model that sees, with room for several pictures a request and a longer context"
            ) from None


def _next_draft(begun: deque[Future[CaptionDraft]], wanted: Callable[[], bool]) -> CaptionDraft:
    """The first draft, taken off `begun` once it is there: one that is not is left for who calls it off."""
    while not wait([begun[0]], _ASKED_EVERY_S).done:
        if not wanted():
            raise NotWanted
    return begun.popleft().result()


def frames_for(tokens_per_second: float | None) -> FrameRequest:
    """Frames and their size for a budget of vision tokens a second of 16:9 video.

    Up to a quarter of a frame a second, small frames; then more of them, up to 2 a second; then larger ones. At 448
    pixels a frame is taken to cost 144 tokens.
    """
    if tokens_per_second is None:
        return FRAMES
    per_second = min(max(tokens_per_second / _tokens(FRAMES.longest_side), 0.25), 2.0)
    side = FRAMES.longest_side
    if per_second in (0.25, 2.0):
        wanted = math.sqrt(tokens_per_second / per_second / _WIDE) * TOKEN_SIDE
        side = min(max(round(wanted / TOKEN_SIDE) * TOKEN_SIDE, 112), 1344)
    return replace(FRAMES, per_second=float(f"{per_second:.3g}"), longest_side=side)


def _tokens(side: int) -> float:
    return (side / TOKEN_SIDE) ** 2 * _WIDE
