"""What is known of a moment: its texts, why it was found, what was measured, where its file lies."""

from collections.abc import Callable

from search_ui.components import mountable
from search_ui.drawer import About

_mount = mountable("moment_facts")


def moment_facts(about: About, *, key: str, on_go: Callable[[], None], on_like: Callable[[], None]) -> None:
    """`on_go` is called for a step or repeat, and `st.session_state[key].go` is its id; `on_like` for more like it."""
    _mount(key=key, data=dict(about), on_go_change=on_go, on_like_change=on_like)
