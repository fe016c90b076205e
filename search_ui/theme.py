"""How the page looks: colours of both themes, its icon and mark, and the style of what Streamlit draws."""

from base64 import b64encode
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

THEME: dict[str, object] = {
    "theme.baseRadius": "0.6rem",
    "theme.buttonRadius": "0.6rem",
    "theme.showWidgetBorder": True,
    "theme.baseFontSize": 15,
    "theme.dark.primaryColor": "#8ab4ff",
    "theme.dark.backgroundColor": "#0f1218",
    "theme.dark.secondaryBackgroundColor": "#181d26",
    "theme.dark.textColor": "#e7eaf0",
    "theme.dark.borderColor": "#2b3240",
    "theme.dark.grayTextColor": "#9aa5b8",
    "theme.light.primaryColor": "#2f5fd0",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f3f5f9",
    "theme.light.textColor": "#161a22",
    "theme.light.borderColor": "#d9dee8",
    "theme.light.grayTextColor": "#5b6678",
}

_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 24">'
    '<rect x="1" y="1" width="30" height="22" rx="6" fill="#3f74ea"/>'
    '<path d="M7 6.5v11" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
    '<path d="M13 6.8v10.4l9.4-5.2z" fill="#fff"/>'
    '<path d="M26 6.5v11" stroke="#fff" stroke-width="2.4" stroke-linecap="round" opacity=".55"/></svg>'
)
"""A play sign between an in point and an out point."""

MARK = f'<img alt="" width="32" height="24" src="data:image/svg+xml;base64,{b64encode(_MARK.encode()).decode()}">'


@cache
def page_icon() -> Image.Image:
    """The mark as a picture; drawn here, as a named icon would be fetched from a font server."""
    icon = Image.new("RGBA", (128, 128))
    pen = ImageDraw.Draw(icon)
    pen.rounded_rectangle([4, 20, 124, 108], 26, fill="#3f74ea")
    pen.rounded_rectangle([24, 42, 34, 86], 5, fill="white")
    pen.polygon([(50, 42), (50, 86), (90, 64)], fill="white")
    pen.rounded_rectangle([98, 42, 108, 86], 5, fill="#ffffff8c")
    return icon


@cache
def page_style() -> str:
    return f"<style>{Path(__file__).with_name('page.css').read_text('utf-8')}</style>"
