"""`openai:MODEL@BASE_URL` is read strictly, and what is this machine is decided with care."""

import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning import server_of
from indexer.captioning.served.address import is_this_machine, read_address
from indexer.errors import ComponentError

MODELS = st.text(alphabet="abcXYZ019._-/:@", min_size=1, max_size=40).filter(lambda text: "://" not in text)


@given(
    model=MODELS,
    scheme=st.sampled_from(["http", "https"]),
    host=st.sampled_from(["localhost", "gpu-1.example.org", "127.0.0.1", "[::1]", "10.0.0.7"]),
    port=st.none() | st.integers(1, 65535),
    path=st.sampled_from(["", "/", "/v1", "/v1/", "/openai/v1"]),
)
def test_a_name_is_read_into_its_parts(model: str, scheme: str, host: str, port: int | None, path: str) -> None:
    read = read_address(f"openai:{model}@{scheme}://{host}{'' if port is None else f':{port}'}{path}")
    known = port or {"http": 80, "https": 443}[scheme]
    assert read.model == model
    assert read.place == f"{scheme}://{host}:{known}"
    assert read.base_url == read.place + path.rstrip("/")


def test_a_place_is_written_in_one_way() -> None:
    for url in ("HTTPS://GPU.Example.org/v1", "https://gpu.example.org:443", "https://gpu.example.org:0443/"):
        assert server_of(f"openai:m@{url}?tokens_per_second=88") == "https://gpu.example.org:443"
    assert server_of("openai:m@http://[0:0:0:0:0:0:0:1]:8000/v1") == "http://[::1]:8000"
    assert server_of("measured") is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("openai:m", "openai:MODEL@BASE_URL"),
        ("openai:@http://localhost/v1", "openai:MODEL@BASE_URL"),
        ("openai:m@localhost:8000/v1", "openai:MODEL@BASE_URL"),
        ("openai:m@ftp://localhost/v1", "openai:MODEL@BASE_URL"),
        ("openai:my model@http://localhost/v1", "openai:MODEL@BASE_URL"),
        ("openai:m@http://localhost\n/v1", "openai:MODEL@BASE_URL"),
        ("openai:m@http://local\thost/v1", "openai:MODEL@BASE_URL"),
        ("openai:m@http://a/v1@http://b/v1", "two URLs"),
        ("openai:m@http://me:hush@localhost/v1", "SHOTLIST_OPENAI_KEY"),
        ("openai:m@http://hush@localhost/v1", "SHOTLIST_OPENAI_KEY"),
        ("openai:m@http://localhost/@hush", "SHOTLIST_OPENAI_KEY"),
        ("openai:m@http://localhost/v1?key=hush", "nothing more"),
        ("openai:m@http://localhost/v1#hush", "nothing more"),
        ("openai:m@http://localhost\\hush/v1", "nothing more"),
        ("openai:m@http://localhost/../v1", "nothing more"),
        ("openai:m@http:///v1", "nothing more"),
        ("openai:m@http://localhost:80000/v1", "no port"),
        ("openai:m@http://localhost:0/v1", "no port"),
        ("openai:m@http://[fe80::1%eth0]/v1", "nothing more"),
        ("openai:m@http://lócalhost/v1", "nothing more"),
        ("openai:m@http://localhost/v1/chat/completions", "leave /chat/completions off"),
        ("openai:m@http://0.0.0.0:8000/v1", "listens at"),
        ("openai:m@http://[::]:8000/v1", "listens at"),
        ("openai:m@http://[::ffff:127.0.0.1]/v1", "IPv4 address in disguise"),
        ("openai:m@http://[::ffff:7f00:1]/v1", "IPv4 address in disguise: write 127.0.0.1"),
        ("openai:m@http://[127.0.0.1]/v1", "no address"),
        ("openai:m@http://2130706433/v1", "no address"),
        ("openai:m@http://0x7f000001/v1", "no address"),
        ("openai:m@http://127.1/v1", "no address"),
        ("openai:m@http://0177.0.0.1/v1", "no address"),
        ("openai:m@http://127.0.0.0x1/v1", "no address"),
        ("openai:m@http://localhost./v1", "no name of a machine"),
        ("openai:m@http://-x-/v1", "no name of a machine"),
    ],
)
def test_what_is_no_such_name_is_told_without_its_secrets(name: str, words: str) -> None:
    with pytest.raises(ComponentError) as told:
        read_address(name)
    assert words in str(told.value)
    assert "hush" not in str(told.value)


@given(st.ip_addresses(v=4))
def test_of_ipv4_addresses_127_is_this_machine(address: IPv4Address) -> None:
    assert is_this_machine(str(address)) == str(address).startswith("127.")


@given(st.ip_addresses(v=6))
def test_of_ipv6_addresses_only_one_is_this_machine(address: IPv6Address) -> None:
    assert is_this_machine(str(address)) == (address == IPv6Address("::1"))


@pytest.mark.parametrize(
    ("addresses", "here"),
    [
        (["127.0.0.1"], True),
        (["::1", "127.0.1.1"], True),
        (["127.0.0.1", "192.0.2.7"], False),
        (["2001:db8::7"], False),
        ([], False),
    ],
)
def test_a_name_is_this_machine_where_all_its_addresses_are(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], here: bool
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert is_this_machine("editing-room") is here


def test_a_name_that_nobody_knows_is_another_machine() -> None:
    assert is_this_machine("localhost")
    assert not is_this_machine("captions.invalid")
