"""The page of refusals names every code there is, and no other."""

import ast
import re
from pathlib import Path

from indexer.errors import MediaFailed, MediaRefused

ROOT = Path(__file__).resolve().parents[2]
ERRORS = {MediaRefused.__name__, MediaFailed.__name__}


def raised_codes() -> set[str]:
    codes = set()
    for path in (ROOT / "indexer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    codes.add(str(code.value))
    return codes


def test_every_code_is_on_the_page() -> None:
    page = (ROOT / "docs" / "refusals.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert len(listed) > 12
    assert listed == raised_codes() | {"vanished"}  # which ingest notices by itself
