"""A small server of the tests' own that speaks the OpenAI chat protocol as its reference documents it."""

import base64
import binascii
import contextlib
import io
import json
import re
import select
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

_TIME = re.compile(r"At (\d+\.\d) seconds:")


@dataclass(frozen=True)
class Shown:
    """One picture of a request."""

    seconds: float
    size: tuple[int, int]
    brightness: int


@dataclass(frozen=True)
class Asked:
    """One request for a caption, as the server understood it."""

    path: str  # with host where the request came through a proxy
    headers: Mapping[str, str]
    body: Mapping[str, object]
    pictures: tuple[Shown, ...]
    prompt: str


@dataclass(frozen=True)
class Told:
    """One answer of the server."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    until: threading.Event | None = None  # it is held back until this, or until whoever asked hangs up


def caption(
    text: str | None, *, finish: str = "stop", refusal: str | None = None, cost: tuple[int, int] = (90, 9)
) -> Told:
    message = {"role": "assistant", "content": text, "refusal": refusal}
    return as_json(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "tiny-vl",
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
            "usage": {"prompt_tokens": cost[0], "completion_tokens": cost[1], "total_tokens": sum(cost)},
        }
    )


def error(status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> Told:
    said = {"error": {"message": message, "type": "server_error", "param": None, "code": code}}
    return as_json(said, status=status, headers=headers)


def as_json(said: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Told:
    return Told(status, json.dumps(said).encode(), {"Content-Type": "application/json", **(headers or {})})


class OpenAIServer:
    """Tells what it was shown, unless `script` holds answers to give first or `reply` another way to answer.

    What is asked of it is checked against the protocol; `faults` holds where it was not kept.
    """

    def __init__(self, *, models: object = None, key: str | None = None) -> None:
        self.script: deque[Told] = deque()
        self.reply: Callable[[Asked], Told] = _tell
        listed = [{"id": "tiny-vl", "object": "model", "created": 1_700_000_000, "owned_by": "tests"}]
        self.models: Told = as_json({"object": "list", "data": listed if models is None else models})
        self.key = key
        self.asked: list[Asked] = []
        self.faults: list[str] = []
        self.paths: list[str] = []
        self.most_at_once = 0
        self.hung_up = threading.Semaphore(0)  # once for every request that nobody waits for any more
        self.began = threading.Semaphore(0)  # once for every request for a caption
        self._at_once = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._http = _Http(self)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def name(self, model: str = "tiny-vl", path: str = "/v1") -> str:
        return f"openai:{model}@http://127.0.0.1:{self.port}{path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()

    def answer(self, path: str, headers: Mapping[str, str], body: bytes | None) -> Told:
        with self._lock:
            self.paths.append(path)
        if self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
            return error(401, f"Incorrect API key provided: {headers.get('authorization')}", code="invalid_api_key")
        route = urlsplit(path).path
        if route.endswith("/models") and body is None:
            return self.models
        if route != "/v1/chat/completions" or body is None:
            return Told(404, b'{"detail":"Not Found"}')
        try:
            asked = _understand(path, headers, json.loads(body))
        except (ValueError, KeyError, TypeError, OSError, AssertionError) as fault:
            self.faults.append(repr(fault))
            return error(400, f"not the protocol: {fault!r}")
        with self._lock:
            self.asked.append(asked)
            scripted = self.script.popleft() if self.script else None
        return scripted or self.reply(asked)

    def wait_for(self, told: Told, connection: socket.socket) -> bool:
        """Whether anybody still waits for the answer when its time has come."""
        while told.until is not None and not told.until.wait(0.01) and not self._closing.is_set():
            if select.select([connection], [], [], 0)[0]:
                self.hung_up.release()
                return False
        return True

    def count(self, change: int) -> None:
        with self._lock:
            self._at_once += change
            self.most_at_once = max(self.most_at_once, self._at_once)
        if change > 0:
            self.began.release()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: OpenAIServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner
        self._connections: list[socket.socket] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.append(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Those who ask may hang up at any time."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Connections that are kept alive would be served on."""
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _owner(self) -> OpenAIServer:
        return cast(_Http, self.server).owner

    def do_GET(self) -> None:
        self._send(self._owner.answer(self.path, _lowered(self.headers), None))

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # who asked was called off while it spoke: that is no fault of the request
            self.close_connection = True
            return
        self._owner.count(1)
        try:
            told = self._owner.answer(self.path, _lowered(self.headers), body)
            if self._owner.wait_for(told, self.connection):
                self._send(told)
            else:
                self.close_connection = True
        finally:
            self._owner.count(-1)

    def _send(self, told: Told) -> None:
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        self.wfile.write(told.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _understand(path: str, headers: Mapping[str, str], body: dict[str, object]) -> Asked:
    """Raises where the request does not keep to the protocol, or pictures come without their times."""
    assert headers["content-type"] == "application/json"
    assert isinstance(body["model"], str)
    assert isinstance(body["max_tokens"], int)
    assert body["stream"] is False
    messages = cast(list[dict[str, object]], body["messages"])
    assert [message["role"] for message in messages] == ["user"]
    parts = cast(list[dict[str, object]], messages[0]["content"])
    *framed, prompt = parts
    assert prompt["type"] == "text"
    pictures = [_see(time, picture) for time, picture in zip(framed[::2], framed[1::2], strict=True)]
    assert [one.seconds for one in pictures] == sorted(one.seconds for one in pictures)
    return Asked(path, headers, body, tuple(pictures), str(prompt["text"]))


def _see(time: dict[str, object], picture: dict[str, object]) -> Shown:
    said = _TIME.fullmatch(str(time["text"]))
    assert said is not None
    assert picture["type"] == "image_url"
    url = cast(dict[str, str], picture["image_url"])["url"]
    kind, found, encoded = url.partition(";base64,")
    assert (kind, found) == ("data:image/jpeg", ";base64,")
    try:
        image = Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)))
    except binascii.Error as fault:
        raise ValueError("no base64") from fault
    assert image.format == "JPEG"
    return Shown(float(said[1]), image.size, int(np.asarray(image.convert("RGB")).mean()))


def _tell(asked: Asked) -> Told:
    shown = [f"brightness {one.brightness} at {one.seconds:.1f}" for one in asked.pictures]
    return caption(f"A clip of {len(shown)} pictures: {', '.join(shown)}.", cost=(100 * len(shown), 12))


def _lowered(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
