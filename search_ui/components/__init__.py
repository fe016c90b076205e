"""The parts of the page that draw themselves in the browser: each a Python mount beside its script and style."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def mountable(name: str) -> ComponentRenderer:
    """Register `NAME.js` and `NAME.css` of this folder; the script builds everything inside one empty root.

    Captions, titles and paths are data from files and models: scripts place them by `textContent` alone.
    """
    folder = Path(__file__).parent
    return st.components.v2.component(
        name,
        html='<div class="root"></div>',
        css=(folder / f"{name}.css").read_text("utf-8"),
        js=(folder / f"{name}.js").read_text("utf-8"),
    )
