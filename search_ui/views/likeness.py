"""More like a moment, or like a picture: what is compared with, above the results."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from PIL import Image, ImageOps, UnidentifiedImageError
from streamlit.delta_generator import DeltaGenerator

from indexer.domain import Filters, Hit, Pixels, SegmentId
from indexer.errors import UsageError
from search_ui import address, cards
from search_ui.footage_routes import keyframe_address
from search_ui.library_access import ReadableLibrary
from search_ui.wording import literal, sentence

if TYPE_CHECKING:
    from search_ui.views.results import Page

_UPLOADS = "pictures uploaded so far"
_MOST_PIXELS = 36_000_000
_LONGEST = 1024  # of its sides, which is more than any embedder looks at


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded one. Told apart from others by `upload`."""

    upload: str
    name: str
    pixels: Pixels = field(repr=False, compare=False)


Like = SegmentId | Picture


def choose_picture(library: ReadableLibrary) -> Picture | None:
    with st.popover("Picture", icon=":material/image_search:", key="picture filter"):
        if lacking := library.why_no_pictures():
            st.markdown("**Find moments that look like a picture**")
            st.text(f"{sentence(lacking)}.")
            return None
        uploaded = st.file_uploader(
            "Find moments that look like a picture", type=["jpg", "jpeg", "png", "webp"], key=_uploader()
        )
        if uploaded is None:
            return None
        try:
            return Picture(uploaded.file_id, uploaded.name, read_picture(uploaded.getvalue()))
        except UsageError as error:
            st.error(str(error))
            return None


def read_picture(data: bytes) -> Pixels:
    """RGB, upright, no larger than is of use. Raises `UsageError`."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise UsageError("This picture is too large; make it smaller than 36 megapixels.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise UsageError("This file is no JPEG, PNG or WebP picture that can be read.") from error
    upright.thumbnail((_LONGEST, _LONGEST))
    return np.asarray(upright, np.uint8)


def show_what(page: "Page", like: Like) -> None:
    """What the results are like, and the way back. Raises `UsageError` for a segment that is not searched."""
    hit = None if isinstance(like, Picture) else _hit(page, like)
    with _banner():
        if isinstance(like, Picture):
            st.image(Image.fromarray(like.pixels), width=96)
            st.markdown(f"**Like your picture** {literal(like.name)}")
        elif hit is not None:
            if hit.keyframe:
                st.html(f'<img class="still" alt="" src="{keyframe_address(hit.segment)}">')
            told = f"{literal(hit.title or 'Untitled')} · {literal(cards.span(hit, page.videos))}"
            st.markdown(f"**More like** {told}")
        _show_way_back()


def show_problem(sentence: str) -> None:
    with _banner():
        st.text(sentence)
        _show_way_back()


def forget() -> None:
    address.forget_likened()
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1  # a new uploader holds nothing


def _banner() -> DeltaGenerator:
    return st.container(key="likeness", horizontal=True, vertical_alignment="center", border=True)


def _show_way_back() -> None:
    query = (st.session_state.get("q") or "").strip()
    label = f"Back to “{literal(query)}”" if query else "Back"
    st.button(label, on_click=forget, icon=":material/close:", type="tertiary", key="not like this")


def _hit(page: "Page", segment: SegmentId) -> Hit:
    found = page.library.segment(segment)
    moments = page.library.browse(filters=Filters(videos=(found.video,)), limit=100_000)
    hit = next((hit for hit in moments if segment in (hit.segment, *hit.segments)), None)
    if hit is None:
        raise UsageError("this moment is not searched any more; there is a newer cut of its video")
    return hit


def _uploader() -> str:
    return f"picture {st.session_state.get(_UPLOADS, 0)}"
