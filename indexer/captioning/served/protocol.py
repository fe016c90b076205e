"""The OpenAI chat protocol as far as it is used: what is asked of `chat/completions`, and what comes back. Pure.

Source: the API reference of OpenAI, and what vLLM, SGLang, Ollama, LM Studio, llama.cpp and `transformers serve` say of
their own. Only what all of these know is sent: `max_tokens`, not `max_completion_tokens`.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import msgspec
from PIL import Image

from indexer.captioning.base import Clip
from indexer.captioning.generated_text import clean_text
from indexer.domain import Frame, TokenCost

JPEG_QUALITY: Final = 90

Style = Literal["plain", "no repeating"]
_Read = TypeVar("_Read")


class NotTheProtocol(ValueError):
    """The server answered something else."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is the same for every clip."""

    model: str
    prompt: str
    new_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    refused: bool  # the server or its model said so itself
    cost: TokenCost | None


@dataclass(frozen=True, slots=True)
class ServedModel:
    name: str
    identity: str | None  # what is behind that name, in one word, where the server says so


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a server says of a request that it does not answer."""

    message: str
    code: str


def request_body(question: Question, clip: Clip, style: Style = "plain") -> bytes:
    """JSON. Every frame as JPEG after a text that tells its time from the clip's start, then the prompt. Greedy, so
    that the same clip gets the same text."""
    content: list[dict[str, object]] = []
    for frame in clip.frames:
        seconds = max(0, frame.t_us - clip.span.start_us) / 1e6
        content += [_text(f"At {seconds:.1f} seconds:"), {"type": "image_url", "image_url": {"url": _data_url(frame)}}]
    content.append(_text(question.prompt))
    body: dict[str, object] = {
        "model": question.model,
        "messages": [{"role": "user", "content": content}],
        "max_tokens": question.new_tokens,
        "temperature": 0,
        "stream": False,
    }
    if style == "no repeating":
        body["frequency_penalty"] = 0.5
    return msgspec.json.encode(body)


def read_answer(body: bytes) -> Answer:
    """Raises `NotTheProtocol`."""
    read = _decode(body, _Completion)
    if not read.choices:
        raise NotTheProtocol("an answer without choices")
    choice = read.choices[0]
    refused = bool(choice.message.refusal) or choice.finish_reason == "content_filter"
    return Answer(choice.message.content or "", refused, _cost(read.usage))


def read_models(body: bytes) -> list[ServedModel]:
    """Raises `NotTheProtocol`."""
    return [ServedModel(one.id, _identity(one)) for one in _decode(body, _Models).data]


def read_complaint(body: bytes) -> Complaint:
    """The words in an answer that is an error, in whichever of the usual places they are; bounded."""
    try:
        read: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Complaint(_short(body[:2000].decode("utf-8", "replace")), "")
    inner = read.get("error", read) if isinstance(read, dict) else read
    if not isinstance(inner, dict):
        return Complaint(_short(str(inner)), "")
    said = inner.get("message") or inner.get("detail") or inner
    return Complaint(_short(str(said)), str(inner.get("code") or inner.get("type") or ""))


def summed(costs: Sequence[TokenCost | None]) -> TokenCost | None:
    """What several requests cost; None where none of them said."""
    known = [cost for cost in costs if cost is not None]
    return TokenCost(sum(one.read for one in known), sum(one.written for one in known)) if known else None


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    usage: object = None  # a caption is not lost for a cost that cannot be read


class _Listed(msgspec.Struct):
    id: str
    root: object = None  # vLLM and SGLang: the model behind the name
    meta: object = None  # llama.cpp: what the weights say of themselves


class _Models(msgspec.Struct):
    data: list[_Listed]


def _decode(body: bytes, kind: type[_Read]) -> _Read:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotTheProtocol(str(error)) from None


def _cost(usage: object) -> TokenCost | None:
    if not isinstance(usage, dict):
        return None
    read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if isinstance(read, int) and isinstance(written, int) and read >= 0 and written >= 0:
        return TokenCost(read, written)
    return None


def _identity(model: _Listed) -> str | None:
    """Only what stays the same when the server is started again: not its time of creation."""
    if isinstance(model.root, str) and model.root and model.root != model.id:
        return clean_text(model.root).replace(" ", "_")
    if isinstance(model.meta, dict):
        said = [model.meta.get(name) for name in ("n_params", "size")]
        if all(isinstance(number, int) for number in said):
            return "{}parameters,{}bytes".format(*said)
    return None


def _text(words: str) -> dict[str, object]:
    return {"type": "text", "text": words}


def _data_url(frame: Frame) -> str:
    written = io.BytesIO()
    Image.fromarray(frame.pixels).save(written, "JPEG", quality=JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(written.getvalue()).decode()


def _short(words: str) -> str:
    return clean_text(words)[:300]
