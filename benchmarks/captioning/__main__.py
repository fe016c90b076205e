"""How fast do vision-language models caption, and what is a vision token worth?

    python -m benchmarks.captioning end-to-end [FILE...] [--model FOLDER] [--runs 3] [--json FILE]
    python -m benchmarks.captioning gpu FILE [--shape NAME]... [--tokens-per-second N] [--minutes 60] [--json FILE]
    python -m benchmarks.captioning budget [--model FOLDER] [--json FILE]

end-to-end: footage cut every ten seconds, captioned on the processor: decoding alone, the model alone (on clips decoded
before), and both as an ingest runs them, in turns, the least of several runs; and both by the sum of each alone. The
footage is the bench's where no file is given, the model the sample captioner.

gpu: models of the shapes of real ones with random weights (they cost the same as trained ones), 80 new tokens of every
segment, on an hour of 1080p footage made by looping FILE: times real time, share of the time in which no batch was
being generated, share of the GPU's arithmetic that prefill used; beside the floors. Runs on a processor too, with
`--shape toy`, to see that it works.

budget: what the sample captioner tells of the shots of the sample films at several numbers of vision tokens a second.
"""

import argparse
import json
from pathlib import Path

from benchmarks.captioning.budgets import BUDGETS, score_budgets
from benchmarks.captioning.budgets import table as budget_table
from benchmarks.captioning.end_to_end import FOOTAGE, measure_end_to_end
from benchmarks.captioning.end_to_end import table as end_to_end_table
from benchmarks.captioning.gpu import measure_shape
from benchmarks.captioning.gpu import table as gpu_table
from benchmarks.captioning.looping import loop_footage
from benchmarks.captioning.shapes import SHAPES
from benchmarks.text_library import BENCH

SAMPLE = Path("data/captioner")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("end-to-end", "gpu", "budget"))
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--model", type=Path, default=SAMPLE)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--shape", action="append", choices=sorted(SHAPES), metavar="NAME")
    parser.add_argument("--tokens-per-second", type=float, default=88.0)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    match arguments.what:
        case "end-to-end":
            files = arguments.files or [BENCH / "footage" / name for name in FOOTAGE]
            rows = [measure_end_to_end(arguments.model, files, runs=arguments.runs)]
            print(end_to_end_table(rows[0]))
        case "gpu":
            if len(arguments.files) != 1:
                parser.error("gpu needs one FILE of real footage")
            rows = _shapes(arguments)
            print(gpu_table(rows))
        case _:
            rows = score_budgets(arguments.model, Path("data/samples"), BUDGETS)
            print(budget_table(rows))
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _shapes(arguments: argparse.Namespace) -> list[dict[str, object]]:
    names = arguments.shape or [name for name in SHAPES if name != "toy"]
    with loop_footage(arguments.files[0], minutes=arguments.minutes) as footage:
        return [
            measure_shape(name, footage, tokens_per_second=arguments.tokens_per_second, device=arguments.device)
            for name in names
        ]


if __name__ == "__main__":
    main()
