"""What the watcher is told must never run backward or past the end."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import FileReport, Progress
from indexer.ingest.progress import SHARES, ProgressTeller
from indexer.media import FoundFile


@given(sizes=st.lists(st.integers(0, 10**12), min_size=1, max_size=5), shares=st.lists(st.floats(-1, 2), max_size=6))
def test_progress_only_grows_and_ends_at_the_end(sizes: list[int], shares: list[float]) -> None:
    told: list[Progress] = []
    files = [FoundFile(Path(f"{n}.mp4"), size, 0) for n, size in enumerate(sizes)]
    teller = ProgressTeller(told.append, files=files)
    for file in files:
        teller.begin(file)
        for stage in SHARES:
            for share in sorted(shares):
                teller.stage(stage, share)
        teller.end(FileReport(file.path, "indexed", duration_us=5))
    done = [moment.bytes_done for moment in told]
    assert done == sorted(done)
    assert done[-1] == told[-1].bytes_total == sum(sizes)
    assert told[-1].files_done == told[-1].files_total == len(files)
    assert told[-1].video_us_done == 5 * len(files)


def test_the_stages_of_a_file_follow_one_another() -> None:
    bounds = list(SHARES.values())
    assert bounds[0][0] == 0.0
    assert bounds[-1][1] == 1.0
    assert all(low < high for low, high in bounds)
    assert all(one[1] == following[0] for one, following in pairwise(bounds))
