"""The video, playing one moment of it, with the keys and buttons an editor expects."""

from collections.abc import Callable

from search_ui.components import mountable
from search_ui.drawer import Playing

_mount = mountable("player")


def player(playing: Playing, *, key: str, on_step: Callable[[], None]) -> None:
    """Play; `on_step` is called for the previous or next result, and `st.session_state[key].step` is -1 or 1."""
    _mount(key=key, data=dict(playing), on_step_change=on_step)
