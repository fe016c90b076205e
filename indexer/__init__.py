"""Shotlist's engine: from footage to findable moments. Start reading at `domain.py`, then `library.py`."""

import os

os.environ["USE_HUB_KERNELS"] = "NO"  # read when transformers is imported: kernels of the hub are code, and not fetched
