"""Requests to one server, made in an event loop of their own.

Any thread may ask, and what was asked can be called off at once, also while it is on its way.
"""

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Final, Literal, TypeVar

import httpx2

from indexer.captioning.served.retrying import Reply, Unanswered

LARGEST_REPLY: Final = 1 << 20  # bytes; a caption is a few hundred

Method = Literal["GET", "POST"]
_Result = TypeVar("_Result")


class Connection:
    """Requests below one base URL. `proxies`: whether those of the environment are used; never for this machine.

    Redirects are not followed: neither frames nor a key go to another place than the one that was named.
    """

    def __init__(
        self, base_url: str, *, key: str | None, connect_s: float, at_once: int, proxies: Literal["heeded", "ignored"]
    ) -> None:
        headers = {"User-Agent": "shotlist", "Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._base_url = base_url
        self._client = httpx2.AsyncClient(
            headers=headers,
            verify=httpx2.create_ssl_context(),
            trust_env=proxies == "heeded",
            follow_redirects=False,
            timeout=httpx2.Timeout(None, connect=connect_s),
            limits=httpx2.Limits(max_connections=at_once + 1),
        )
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=_live, args=(self._loop, self._client), name="served captions", daemon=True).start()
        weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop)

    def begin(self, work: Coroutine[Any, Any, _Result]) -> "Future[_Result]":
        """Run `work` in the loop; to cancel the future ends it there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def request(self, method: Method, path: str, body: bytes | None, *, within_s: float) -> Reply:
        """One try. Raises `Unanswered`."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            async with (
                asyncio.timeout(within_s),
                self._client.stream(method, f"{self._base_url}/{path}", content=body, headers=headers) as response,
            ):
                return Reply(
                    response.status_code,
                    await _bounded(response),
                    response.headers.get("retry-after"),
                    response.headers.get("location"),
                )
        except (TimeoutError, httpx2.TimeoutException) as error:
            where = "no connection" if isinstance(error, httpx2.ConnectTimeout) else "no answer"
            raise Unanswered(f"{where} in time") from None
        except (httpx2.HTTPError, OSError) as error:
            raise Unanswered(" ".join(str(error).split())[:200] or type(error).__name__) from None


async def _bounded(response: httpx2.Response) -> bytes:
    """No more than `LARGEST_REPLY`: what is cut is no JSON, and told as that."""
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > LARGEST_REPLY:
            break
    return bytes(body[:LARGEST_REPLY])


def _live(loop: asyncio.AbstractEventLoop, client: httpx2.AsyncClient) -> None:
    """Until the loop is stopped; then nothing is left open."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(client.aclose())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
