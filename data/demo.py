"""`make demo`: the bundled sample footage becomes a library, and a few questions find moments in it.

Runs the very commands a user would type, and shows them. The library is kept in `demo-library`.
"""

import sys
from pathlib import Path

from indexer.cli import shotlist

SAMPLES = Path(__file__).parent / "samples"
LIBRARY = Path("demo-library")

QUESTIONS = {
    "filmed after nightfall": "no caption says so: meaning",
    "somebody's portrait, close up": "meaning",
    "the view sweeps sideways": "meaning",
    "interview osei": "names",
}
"""Asked in words that do not occur in the captions, but for the last, which asks for a name."""


def main() -> int:
    show("add", str(SAMPLES))
    for question in QUESTIONS:
        show("search", question, "--limit", "3")
    tell("Go on with your own footage:")
    tell("    .venv/bin/shotlist add FOLDER")
    tell('    .venv/bin/shotlist search "..."')
    tell("    .venv/bin/shotlist serve")
    tell(f"or look at this one in a browser:  .venv/bin/shotlist serve --library {LIBRARY}")
    return 0


def show(command: str, *arguments: str) -> None:
    """Print a command as one would type it, then run it."""
    typed = " ".join(f'"{one}"' if " " in one else one for one in arguments)
    tell(f"\n$ shotlist {command} {typed} --library {LIBRARY}")
    shotlist.main([command, *arguments, "--library", str(LIBRARY)], standalone_mode=False)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
