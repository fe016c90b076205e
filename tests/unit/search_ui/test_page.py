"""The page as Streamlit runs it: what it sends to the browser for what is asked of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indexer.domain import Filters, SearchResult
from indexer.errors import LibraryError
from search_ui.library_access import ReadableLibrary
from tests.fakes.library import CAPTIONS, HALL, HARBOUR, LOST, FakeLibrary, fake_library
