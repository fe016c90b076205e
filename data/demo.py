"""`make demo`: the bundled sample footage becomes a library, and a few questions find moments in it.

Runs the very commands a user would type, and shows them. The library is kept in `demo-library`.
"""

import sys
from pathlib import Path

from indexer.cli import shotlist

SAMPLES = Path(__file__).parent / "samples"
CAPTIONER = Path(__file__).parent / "captioner"
LIBRARY = Path("demo-library")

QUESTIONS = {
    "a vessel at dusk": {"harbour-at-sunset.mp4"},
    "an aquatic reptile": {"coral-reef.webm", "interview-amara-osei.mp4"},
    "a locomotive arriving": {"central-station.mov"},
    "winter vehicle clearing ice": {"snow-road.mp4"},
    "interview osei": {"interview-amara-osei.mp4"},
}
"""What is asked, and where the first two hits belong. All but the last use no word of any caption or name; the last
asks for a name."""


def main() -> int:
    show("add", str(SAMPLES), "--captioner", str(CAPTIONER))
    for question in QUESTIONS:
        show("search", question, "--limit", "2")
    tell("\nThese captions are by a small model that knows the world of these drawn films, and nothing else.")
    tell("Of your own footage they say what can be measured, or what a vision-language model of yours sees:\n")
    tell("    .venv/bin/shotlist add FOLDER")
    tell("    .venv/bin/shotlist models list")
    tell('    .venv/bin/shotlist search "..."')
    tell("    .venv/bin/shotlist serve")
    tell(f"\nor look at this library in a browser:  .venv/bin/shotlist serve --library {LIBRARY}")
    return 0


def show(command: str, *arguments: str) -> None:
    """Print a command as one would type it, then run it."""
    typed = " ".join(f'"{one}"' if " " in one else one for one in arguments)
    tell(f"\n$ shotlist {command} {typed} --library {LIBRARY}")
    shotlist.main([command, *arguments, "--library", str(LIBRARY)], standalone_mode=False)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
