"""When a server is asked again, and how long is waited before. Pure, but for the waiting."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_TO_BE_REPEATED: Final = frozenset((408, 409, 425, 429))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is borne with. Seconds."""

    tries: int = 6
    first_wait_s: float = 0.5  # twice as long before each further try, less up to half of it by chance
    longest_wait_s: float = 60.0  # also where the server asks for more
    connect_s: float = 10.0
    answer_s: float = 300.0
    in_all_s: float = 600.0  # no further try is begun after that


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    retry_after: str | None = None
    location: str | None = None


class Unanswered(Exception):
    """No reply came; the message says why, in few words."""


def is_to_be_repeated(status: int) -> bool:
    """The server is busy or ill: the same request may be answered later."""
    return status in _TO_BE_REPEATED or (status >= 500 and status not in (501, 505))


async def persist(ask: Callable[[], Awaitable[Reply]], patience: Patience) -> Reply:
    """The first reply that need not be repeated, else the last. Raises `Unanswered` where there was none at last."""
    given_up_at = time.monotonic() + patience.in_all_s
    for number in range(1, patience.tries + 1):
        said = None
        try:
            reply = await ask()
            if not is_to_be_repeated(reply.status) or number == patience.tries or time.monotonic() > given_up_at:
                return reply
            said = asked_wait_s(reply.retry_after, datetime.now(UTC))
        except Unanswered:
            if number == patience.tries or time.monotonic() > given_up_at:
                raise
        await asyncio.sleep(wait_s(number, said, patience, random.random()))
    raise AssertionError("there is at least one try")


def wait_s(number: int, said: float | None, patience: Patience, chance: float) -> float:
    """Seconds to wait after try `number` (from 1). `said`: what the server asked for; `chance`: 0 up to 1, so that
    those who were refused together do not come back together."""
    backed_off = patience.first_wait_s * 2.0 ** min(number - 1, 30) * (1 - chance / 2)
    asked = 0.0 if said is None else said + patience.first_wait_s * chance
    return min(max(backed_off, asked), patience.longest_wait_s)


def asked_wait_s(header: str | None, now: datetime) -> float | None:
    """Seconds in a `Retry-After` header, which holds a number of them or a date; None where it holds neither."""
    if header is None:
        return None
    if header.strip().isdecimal() and len(header) < 12:
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(0.0, float((until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()))
