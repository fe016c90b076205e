"""Before there is anything to search: what to run."""

import streamlit as st

from search_ui.wording import sentence


def show_empty_library() -> None:
    with st.container(key="begin"):
        st.subheader("This library has no footage yet", anchor=False)
        st.markdown("Give it a file, or a folder with all that is in it. Then come back to this page.")
        _show_first_command()


def show_no_library(problem: str) -> None:
    """`problem`: the sentence that says what is wrong and what to do."""
    with st.container(key="begin"):
        st.subheader("There is no library to show", anchor=False)
        st.text(sentence(problem))
        _show_first_command()


def _show_first_command() -> None:
    st.code("shotlist add FOLDER", language="bash")
    st.button("Look again", icon=":material/refresh:", type="primary")
