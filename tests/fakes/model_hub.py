"""A model hub of one's own: the part of the Hugging Face protocol that listing and downloading a repository uses."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


@dataclass
class Repository:
    files: dict[str, bytes]
    licence: str = "apache-2.0"
    refusal: tuple[int, str] | None = None  # status and error code of its files; what it holds is listed all the same
    stated_sizes: dict[str, int] = field(default_factory=dict)  # lies about a file's size


@dataclass
class ModelHub:
    url: str
    repositories: dict[str, Repository]
    asked: list[str] = field(default_factory=list)  # files whose bytes were sent


@contextmanager
def serve_hub(repositories: dict[str, Repository]) -> Iterator[ModelHub]:
    hub = ModelHub("", repositories)

    class Handler(_Handler):
        served = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: ModelHub

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, *, has_body: bool) -> None:
        parts = urlsplit(self.path).path.strip("/").split("/")
        is_api = parts[:2] == ["api", "models"]
        name = "/".join(parts[2:4] if is_api else parts[:2])
        repository = self.served.repositories.get(name)
        if repository is None:
            self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, has_body=has_body)
        elif is_api:
            answer = self._tree(repository) if "tree" in parts else self._info(name, repository)
            self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"}, has_body=has_body)
        elif repository.refusal is not None:
            status, code = repository.refusal
            self._send(status, b"", {"X-Error-Code": code}, has_body=has_body)
        else:
            self._file(repository, "/".join(parts[4:]), has_body=has_body)

    def _info(self, name: str, repository: Repository) -> dict[str, object]:
        siblings = [
            {"rfilename": file, "size": repository.stated_sizes.get(file, len(content))}
            for file, content in repository.files.items()
        ]
        return {"id": name, "sha": COMMIT, "siblings": siblings, "cardData": {"license": repository.licence}}

    def _tree(self, repository: Repository) -> list[dict[str, object]]:
        return [
            {"type": "file", "path": file, "size": len(content), "oid": _digest(content)}
            for file, content in repository.files.items()
        ]

    def _file(self, repository: Repository, file: str, *, has_body: bool) -> None:
        content = repository.files.get(file)
        if content is None:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"}, has_body=has_body)
            return
        if has_body:
            self.served.asked.append(file)
        headers = {"ETag": f'"{_digest(content)}"', "X-Repo-Commit": COMMIT}
        self._send(200, content, headers, has_body=has_body)

    def _send(self, status: int, body: bytes, headers: dict[str, str], *, has_body: bool) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if has_body:
            self.wfile.write(body)


def _digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
