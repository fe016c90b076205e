"""`openai:MODEL@BASE_URL`, read strictly, and whether that is this machine."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from indexer.errors import ComponentError

_EXAMPLE: Final = "such as openai:Qwen/Qwen3-VL-4B-Instruct@http://localhost:8000/v1"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_NAME = re.compile(r"openai:(?P<model>.+)@(?P<url>https?://.*)", re.IGNORECASE)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/(?!\.{1,2}(?:/|$))[\w.~%+=:-]+)*)/?",
    re.IGNORECASE | re.ASCII,
)
_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # an address to some resolvers, whatever its shape


@dataclass(frozen=True, slots=True)
class ServerAddress:
    model: str  # as the server calls it
    scheme: str  # http or https
    host: str  # lower case; an IPv6 address without its brackets
    port: int
    path: str  # such as /v1; no slash at its end

    @property
    def place(self) -> str:
        """`scheme://host:port`: what footage is sent to, and what is permitted."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def base_url(self) -> str:
        return self.place + self.path


def read_address(name: str) -> ServerAddress:
    """Raises `ComponentError` where it is no such name. What was typed is not repeated: it may hold a password."""
    found = _NAME.fullmatch(name)
    if found is None or not name.isprintable() or " " in name:
        raise ComponentError(f"a captioner on a server is named openai:MODEL@BASE_URL, {_EXAMPLE}")
    model, url = found["model"], found["url"]
    if "://" in model:
        raise ComponentError(f"there are two URLs in the captioner's name; name one model and one URL, {_EXAMPLE}")
    if "@" in url:
        raise ComponentError(
            "a captioner's URL must hold no user, password or @; put the key into the variable SHOTLIST_OPENAI_KEY"
        )
    parts = _URL.fullmatch(url)
    if parts is None:
        raise ComponentError(f"a captioner's URL is http(s)://HOST:PORT/PATH and nothing more, {_EXAMPLE}")
    scheme, path = parts["scheme"].lower(), parts["path"]
    if path.endswith("/chat/completions"):
        raise ComponentError(f"leave /chat/completions off the captioner's URL, {_EXAMPLE}")
    port = int(parts["port"] or _DEFAULT_PORTS[scheme])
    if not 0 < port < 65536:
        raise ComponentError(f"{port} is no port of a server")
    return ServerAddress(model, scheme, _read_host(parts["host"].lower()), port, path)


def refuse_unpermitted(address: ServerAddress, permitted: frozenset[str]) -> None:
    """Raises `ComponentError` where footage would leave this machine for a place that is not among the `permitted`."""
    if address.place not in permitted and not is_this_machine(address.host):
        raise ComponentError(
            f"{address.place} is not this machine: pictures of the footage would leave it. If they may, say so once "
            "with --allow-remote"
        )


def is_this_machine(host: str) -> bool:
    """Whether what is sent to `host` cannot leave this machine: a loopback address, or a name that resolves to such
    addresses only. A name is looked up now; it may resolve otherwise later."""
    address = _address(host)
    if address is not None:
        return address.is_loopback
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    addresses = [_address(str(one[4][0])) for one in found]
    return bool(addresses) and all(address is not None and address.is_loopback for address in addresses)


def _read_host(text: str) -> str:
    """Several spellings of one address would each need a permission of their own, and some would pass for a name."""
    bare = text.removeprefix("[").removesuffix("]")
    address = _address(bare)
    if address is None or text.startswith("[") != isinstance(address, IPv6Address):
        if text.startswith("[") or _NUMBER.fullmatch(text):
            raise ComponentError(f"{text} is no address: write four numbers, such as 127.0.0.1, or [::1], or a name")
        if not _HOST_NAME.fullmatch(text):
            raise ComponentError(f"{text} is no name of a machine")
        return text
    if address.is_unspecified:
        raise ComponentError(
            f"{text} is what a server listens at, not where it is reached: write 127.0.0.1 or its name"
        )
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        raise ComponentError(f"{text} is an IPv4 address in disguise: write {address.ipv4_mapped}")
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
