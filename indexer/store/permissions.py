"""The servers that this library's footage may be sent to, as people permitted."""

import json

from sqlalchemy.orm import Session

from indexer.store import settings

_KEY = "permitted_servers"


def permitted_servers(tx: Session) -> frozenset[str]:
    """Each as `scheme://host:port`."""
    return frozenset(json.loads(settings.get(tx, _KEY) or "[]"))


def permit_server(tx: Session, place: str) -> None:
    settings.put(tx, _KEY, json.dumps(sorted(permitted_servers(tx) | {place})))
