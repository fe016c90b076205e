"""The page as Streamlit runs it, without a browser, and what it sends to one."""

import json
from collections.abc import Callable, Mapping, Sequence

from streamlit.testing.v1 import AppTest

from search_ui.library_access import OpenLibrary

Payload = dict[str, object]
Visit = Callable[..., AppTest]


def open_page(open_library: OpenLibrary, address: Mapping[str, str | list[str]]) -> AppTest:
    """In names of the address two underlines stand for a full stop."""
    at = AppTest.from_function(run_page, kwargs={"open_library": open_library}, default_timeout=30)
    for name, value in address.items():
        at.query_params[name.replace("__", ".")] = value
    at.run()
    assert not at.exception, at.exception
    return at


def run_page(open_library: "OpenLibrary") -> None:  # Streamlit runs this source by itself: no name above is known
    from search_ui.app import show

    show(open_library)


def payloads(at: AppTest) -> dict[str, Payload]:
    """{key of the component: what it was sent}."""
    return {one.proto.id.rsplit("-", 1)[-1]: json.loads(one.proto.json) for one in at.get("bidi_component")}


def cards(at: AppTest, *, grid: str = "moments") -> Sequence[Payload]:
    shown = payloads(at).get(grid, {}).get("cards", [])
    assert isinstance(shown, list)
    return shown


def plain(pieces: object) -> str:
    assert isinstance(pieces, list)
    return "".join(text for text, _ in pieces)


def words_on(at: AppTest) -> str:
    return "\n".join(one.value for one in [*at.markdown, *at.text, *at.subheader, *at.code])
