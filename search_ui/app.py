"""The script that Streamlit runs for every visitor: set the page up, then show the search."""

from collections.abc import Sequence

import streamlit as st

from indexer.domain import Video
from indexer.errors import ShotlistError
from indexer.timecode import short_duration
from search_ui.library_access import OpenLibrary, library
from search_ui.theme import MARK, page_icon, page_style
from search_ui.views import search, welcome
from search_ui.wording import plural


def show(open_library: OpenLibrary) -> None:
    """The whole page, over whatever library is opened."""
    st.set_page_config(page_title="Shotlist", page_icon=page_icon(), layout="wide", initial_sidebar_state="collapsed")
    st.html(page_style())
    if st.context.theme.type == "dark":  # Streamlit writes white on every primary button, too faint on the light blue
        st.html('<style>[data-testid^="stBaseButton-primary"] * { color: #0b1020 !important }</style>')
    try:
        opened = open_library()
        videos = opened.videos()
    except ShotlistError as error:
        _show_masthead(())
        welcome.show_no_library(str(error))
        return
    _show_masthead(videos)
    if videos:
        search.show(opened, videos)
    else:
        welcome.show_empty_library()


def _show_masthead(videos: Sequence[Video]) -> None:
    length = short_duration(sum(video.duration_us or 0 for video in videos))
    holds = f"{plural(len(videos), 'video')} · {length}" if videos else ""
    st.html(f'<div class="masthead">{MARK}<h1 class="name">Shotlist</h1><span class="holds">{holds}</span></div>')


if __name__ == "__main__":
    show(library)
