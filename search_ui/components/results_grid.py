"""Cards of moments: a grid of links to walk with the arrow keys; each plays its moment under the mouse."""

from collections.abc import Callable, Sequence

from search_ui.cards import Card
from search_ui.components import mountable

_mount = mountable("results_grid")


def results_grid(cards: Sequence[Card], *, key: str, returned_from: str | None, on_open: Callable[[], None]) -> None:
    """Show `cards`; `on_open` is called when one is chosen, and `st.session_state[key].open` is its id.

    `returned_from`: the id of the card whose drawer was just closed; it takes the focus again.
    """
    _mount(key=key, data={"cards": list(cards), "returned": returned_from}, on_open_change=on_open)
