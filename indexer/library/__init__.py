"""The front door for every reader of a library (`Library`), and the shapes it hands out."""

from indexer.ingest.fixity import CheckMoment, FixityFinding, FixityStatus
from indexer.ingest.reindex import PARTS
from indexer.ingest.roots import MovedFolder, RegisteredFolder
from indexer.ingest.verify import Checked, Finding
from indexer.library.reading import Library, LibraryStatus
from indexer.store import Removed, SegmentDetail
from indexer.store.coverage import RecipeCoverage
from indexer.store.edits import Edit
from indexer.store.fixity import FixityFile
from indexer.store.spaces import SpaceCoverage
from indexer.store.watched import WatchedFolder

__all__ = [
    "PARTS",
    "CheckMoment",
    "Checked",
    "Edit",
    "Finding",
    "FixityFile",
    "FixityFinding",
    "FixityStatus",
    "Library",
    "LibraryStatus",
    "MovedFolder",
    "RecipeCoverage",
    "RegisteredFolder",
    "Removed",
    "SegmentDetail",
    "SpaceCoverage",
    "WatchedFolder",
]
