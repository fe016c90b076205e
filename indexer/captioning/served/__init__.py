"""Captioners on servers that speak the OpenAI protocol: vLLM, SGLang, Ollama, LM Studio, llama.cpp and others.

`address` reads the name, `protocol` the requests and answers, `retrying` says when to ask again, `connection` asks
once, `server` asks patiently and explains, `captioner` writes captions with it.
"""

from typing import Final

from indexer.captioning.naming import CaptionerName
from indexer.captioning.prompts import read_prompt
from indexer.captioning.served.address import is_this_machine, read_address, refuse_unpermitted
from indexer.captioning.served.captioner import ServedCaptioner, Serving, frames_for
from indexer.captioning.served.connection import Connection
from indexer.captioning.served.key import read_key
from indexer.captioning.served.retrying import Patience
from indexer.captioning.served.server import Server

__all__ = ["Patience", "ServedCaptioner", "open_served"]

AT_ONCE: Final = 4  # requests
_PATIENCE: Final = Patience()


def open_served(
    asked: CaptionerName,
    *,
    permitted: frozenset[str] = frozenset(),
    patience: Patience = _PATIENCE,
    at_once: int = AT_ONCE,
) -> ServedCaptioner:
    """The captioner of `openai:MODEL@BASE_URL`; its server is asked what is behind the model's name.

    `permitted`: the servers off this machine, as `scheme://host:port`, that frames may be sent to. Raises
    `ComponentError` where the name is none, its server is not permitted or not fit, and `ComponentAway` where it does
    not answer.
    """
    address = read_address(asked.name)
    refuse_unpermitted(address, permitted)
    key = read_key()
    connection = Connection(
        address.base_url,
        key=key.text,
        connect_s=patience.connect_s,
        at_once=at_once,
        proxies="ignored" if is_this_machine(address.host) else "heeded",
    )
    server = Server(address, connection, key=key, patience=patience)
    listed = connection.begin(server.models()).result()
    identities = [model.identity for model in listed if model.name == address.model]
    return ServedCaptioner(
        Serving(
            address,
            permitted,
            server,
            connection,
            read_prompt("describe-1"),
            frames_for(asked.tokens_per_second),
            identities[0] if identities else None,
            at_once,
        )
    )
