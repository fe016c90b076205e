"""What is killed: `python -m benchmarks.chaos.worker work|publish ROOT URL LEASE_S`, until it is told to end."""

import sys
import time
from pathlib import Path

from benchmarks.chaos.library import Place
from indexer.cli.session import stops_on_terminate
from indexer.ingest import Publisher

PUBLISH_EVERY_S = 0.3


def main() -> None:
    what, root, url, lease_s = sys.argv[1:]
    ingester = Place(Path(root), url).ingester(lease_s=float(lease_s))
    try:
        if what == "work":
            with stops_on_terminate() as heeding:
                ingester.work(has=("cpu", "model"), watch=heeding(lambda _: None), until="stopped")
        else:
            publisher = Publisher(ingester.bench.folder, ingester.bench.database)
            while True:
                publisher.publish(ingester.bench.embedder().space)
                time.sleep(PUBLISH_EVERY_S)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
