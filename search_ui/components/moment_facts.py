"""What is known of a moment: its caption, why it was found, what was measured, where its file lies."""

from search_ui.cards import About
from search_ui.components import mountable

_mount = mountable("moment_facts")


def moment_facts(about: About, *, key: str) -> None:
    _mount(key=key, data=dict(about))
