"""Cards of moments: a grid of links to walk with the arrow keys; each plays its moment under the mouse."""

from collections.abc import Callable, Sequence
from typing import Literal

from search_ui.cards import Card
from search_ui.components import mountable

Choice = Literal["open", "like", "inside"]
"""To play it, to see more like it, to see more of its video."""

_mount = mountable("results_grid")


def results_grid(
    cards: Sequence[Card], *, key: str, told: str, returned_from: str | None, on_choice: Callable[[Choice], None]
) -> None:
    """Show `cards`; `on_choice` is called for what is chosen of one, and `st.session_state[key]` has, under the name of
    the choice, the id of the card, repeat or step.

    `told`: how much was found, to be read aloud; "" says nothing.
    `returned_from`: the id of the card whose drawer was just closed; it takes the focus again.
    """
    _mount(
        key=key,
        data={"cards": list(cards), "told": told, "returned": returned_from},
        on_open_change=lambda: on_choice("open"),
        on_like_change=lambda: on_choice("like"),
        on_inside_change=lambda: on_choice("inside"),
    )
