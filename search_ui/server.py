"""One process, one port: the page, and the footage it shows."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from indexer.errors import UsageError
from search_ui.footage_routes import footage_routes
from search_ui.library_access import OpenLibrary, library
from search_ui.theme import THEME

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOOPBACK_NAMES_ONLY = Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, "[::1]"])
"""Answers to no other name: a web page elsewhere could give a name of its own the address of this machine."""


def make_app(open_library: OpenLibrary = library) -> st.App:
    """The whole site as one ASGI application. It answers to loopback names only."""
    return st.App(
        Path(__file__).with_name("app.py"),
        routes=footage_routes(open_library),
        middleware=[LOOPBACK_NAMES_ONLY],
    )


def serve(folder: Path, *, host: str, port: int) -> None:
    """Serve the library in `folder` until stopped. Raises `UsageError` for a host or port that cannot be used."""
    check_address(host, port)
    os.environ["SHOTLIST_LIBRARY"] = str(folder.expanduser().absolute())  # the page's script reads the settings anew
    make_app().run(config=configuration(host=host, port=port))


def check_address(host: str, port: int) -> None:
    """Raises `UsageError` for a host seen from other machines, as the page has no login, and for a port in use."""
    if host not in LOOPBACK:
        raise UsageError(
            f"--host {host} is refused: the page has no login yet, so it is served to this machine only; "
            f"leave --host out, or give one of {', '.join(LOOPBACK)}"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(f"port {port} cannot be used ({error.strerror}); give another with --port") from error


def configuration(*, host: str, port: int) -> Mapping[str, object]:
    """Streamlit's settings, all given in code: no `.streamlit` folder is needed, and none can change them."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableStaticServing": False,
        "server.maxUploadSize": 20,  # MB: a picture to search by
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": host,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        **THEME,
    }
