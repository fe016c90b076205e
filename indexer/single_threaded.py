"""Loaded by the decoder's fork server before anything that would load numpy: its linear algebra then has one thread.

A process that is to fork should have no threads; and for products as small as a detector's, a second one that waits
for work costs more processor time than it saves.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
