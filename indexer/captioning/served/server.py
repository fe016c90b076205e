"""One model on one server: asked patiently, and what it says when it does not answer put into words for people."""

from dataclasses import replace
from typing import Final, NoReturn
from urllib.parse import urlsplit

from indexer.captioning.generated_text import clean_text
from indexer.captioning.served.address import ServerAddress
from indexer.captioning.served.connection import Connection, Method
from indexer.captioning.served.key import Key
from indexer.captioning.served.protocol import (
    Answer,
    NotTheProtocol,
    ServedModel,
    read_answer,
    read_complaint,
    read_models,
)
from indexer.captioning.served.retrying import Patience, Reply, Unanswered, is_to_be_repeated, persist
from indexer.errors import ComponentAway, ComponentError

_NOT_THIS_REQUEST: Final = frozenset((400, 413, 422))
_NO_LIST: Final = frozenset((404, 405, 501))
_NAMES_TOLD: Final = 12


class Rejected(Exception):
    """The server answers, but not this request: it is too long, or against its rules. The words are its own."""


class Stumbled(Rejected):
    """The server answers this request with status 500 each time. llama.cpp does so where the pictures do not fit."""


class Server:
    def __init__(self, address: ServerAddress, connection: Connection, *, key: Key, patience: Patience) -> None:
        self._address = address
        self._connection = connection
        self._key = key
        self._patience = patience

    async def complete(self, body: bytes) -> Answer:
        """Raises `Rejected`, `ComponentAway` where the server stays away or busy, else `ComponentError`."""
        reply = await self._persist("POST", "chat/completions", body, self._patience)
        if reply.status == 200:
            try:
                return read_answer(reply.body)
            except NotTheProtocol as error:
                self._refuse_strange(str(error))
        self._refuse_moved_or_locked(reply)
        complaint = read_complaint(reply.body)
        said = self._key.hide(complaint.message)
        if reply.status == 404 or complaint.code == "model_not_found":
            await self._refuse_unknown(said)
        if reply.status == 500:
            raise Stumbled(said)
        if reply.status in _NOT_THIS_REQUEST:
            raise Rejected(said)
        raise ComponentError(f"{self._place} refuses to write captions, with status {reply.status}: {said}")

    async def models(self) -> list[ServedModel]:
        """What it says it has; nothing where it has no such list. Somebody waits for this, so not for long. Raises as
        `complete` does."""
        reply = await self._persist("GET", "models", None, _hurried(self._patience))
        if reply.status in _NO_LIST:
            return []
        self._refuse_moved_or_locked(reply)
        if reply.status != 200:
            said = self._key.hide(read_complaint(reply.body).message)
            raise ComponentError(f"{self._place} does not tell its models, with status {reply.status}: {said}")
        try:
            return read_models(reply.body)
        except NotTheProtocol as error:
            self._refuse_strange(str(error))

    @property
    def _place(self) -> str:
        return f"the captioner's server {self._address.place}"

    async def _persist(self, method: Method, path: str, body: bytes | None, patience: Patience) -> Reply:
        try:
            reply = await persist(
                lambda: self._connection.request(method, path, body, within_s=patience.answer_s), patience
            )
        except Unanswered as error:
            raise ComponentAway(
                f"{self._place} cannot be reached ({self._key.hide(str(error))}): start it, or correct its address"
            ) from None
        if is_to_be_repeated(reply.status) and not (body and reply.status == 500):
            said = self._key.hide(read_complaint(reply.body).message)
            state = "is too busy" if reply.status == 429 else f"is in trouble, with status {reply.status}"
            raise ComponentAway(f"{self._place} {state}: {said or 'it does not say why'}; try again later")
        return reply

    def _refuse_moved_or_locked(self, reply: Reply) -> None:
        if 300 <= reply.status < 400:
            target = urlsplit(reply.location or "")
            there = clean_text(f"{target.scheme}://{target.hostname}") if target.hostname else "elsewhere"
            raise ComponentError(
                f"{self._place} sends requests on to {there}; nothing was sent there: name that address"
            )
        if reply.status in (401, 403):
            # its words are not repeated: servers quote the key in them
            raise ComponentError(f"{self._place} {self._key.what_to_do()}")

    async def _refuse_unknown(self, said: str) -> NoReturn:
        have = [clean_text(model.name) for model in await self.models()]
        if not have:
            raise ComponentError(
                f"{self._place} knows no {self._address.path}/chat/completions ({said}); most servers want a URL that "
                "ends in /v1"
            )
        listed = ", ".join(have[:_NAMES_TOLD]) + (" ..." if len(have) > _NAMES_TOLD else "")
        raise ComponentError(f"{self._place} has no model {self._address.model}; it has: {listed}")

    def _refuse_strange(self, why: str) -> NoReturn:
        raise ComponentError(
            f"what answers at {self._address.base_url} does not speak the OpenAI protocol ({clean_text(why)[:120]}); "
            "most servers want a URL that ends in /v1"
        )


def _hurried(patience: Patience) -> Patience:
    return replace(patience, tries=min(patience.tries, 3), answer_s=min(patience.answer_s, 20.0), longest_wait_s=5.0)
