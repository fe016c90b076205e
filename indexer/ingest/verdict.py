"""What becomes of a file that is found unfit after its video was entered by name, or that changed while it was read."""

import shutil

from indexer.domain import VideoId
from indexer.errors import MediaError
from indexer.ingest.identity import is_blank
from indexer.ingest.missing import note_unseen
from indexer.ingest.planning import Asked, looking_unit
from indexer.ingest.steps.looking import file_of
from indexer.ingest.task import Task, verdict_of
from indexer.ingest.workbench import Workbench
from indexer.media import FoundFile, look_again
from indexer.store import Transaction, jobs, videos
from indexer.store.jobs import NewUnit, Payload

TRIES_OF_A_CHANGING_FILE = 4
_NOT_THE_FILES_FAULT = ("vanished", "no_answer", "not_started", "out_of_memory")
_FIRST_WAIT_US = 2_000_000


def judge(bench: Workbench, task: Task, error: MediaError) -> None:
    """End a unit whose file cannot be read, for good.

    Where that says nothing of the file, the unit alone has failed. A file that changed is looked at again later, and
    what was made of it meanwhile is forgotten. A video that is no more than a name goes when it cannot be decoded, and
    its files are told to be unfit. Else the unit has failed.
    """
    with bench.database.read() as tx:
        video = task.claim.video
        blank = video is None or is_blank(tx, video)
        paths = [file.path for _, file in videos.files_of(tx, video)] if video else []
    if task.claim.stage == "looking" or task.claim.file is None or error.reason in _NOT_THE_FILES_FAULT:
        task.give_up(error)
        if error.reason == "vanished" and video is not None:
            note_unseen(bench.database, paths)  # when it is back it is seen, and looked at
    elif error.reason == "changed":
        _look_again(bench, task, error)
    elif task.claim.stage == "decoding" and blank:
        task.let_go(lambda tx: _condemn(tx, task, error))
    else:
        task.give_up(error)


def _condemn(tx: Transaction, task: Task, error: MediaError) -> None:
    """The files of a video that cannot be decoded are unfit, and it is no video."""
    video = task.claim.video
    jobs.judge_files(tx, video, file=task.claim.file, verdict=verdict_of(error))
    jobs.drop(tx, task.claim)
    if video is not None:
        videos.remove(tx, video)


def _look_again(bench: Workbench, task: Task, error: MediaError) -> None:
    with bench.database.read() as tx:
        payload = jobs.payload_of(tx, task.claim.file)
        forgotten = _forgettable(tx, task.claim.video)
    tries = int(payload.get("tries") or 0) + 1
    unit = looking_unit(look_again(file_of(payload)), urgency="in turn", asked=Asked.read(payload), tries=tries)

    def write(tx: Transaction) -> None:
        if tries < TRIES_OF_A_CHANGING_FILE:
            jobs.put(tx, [unit], delay_us=_FIRST_WAIT_US << tries)
        else:
            jobs.judge_files(tx, None, file=task.claim.file, verdict=verdict_of(error))
        jobs.drop(tx, task.claim)
        if forgotten is not None:
            jobs.put(tx, [one for one in _places(tx, forgotten, unit.payload) if one.key != unit.key])
            videos.remove(tx, forgotten)

    task.let_go(write)
    if forgotten is not None:
        shutil.rmtree(bench.folder.keyframes_of(forgotten), ignore_errors=True)


def _places(tx: Transaction, video: VideoId, like: Payload) -> list[NewUnit]:
    """Every file of a video that is forgotten is looked at anew: its copies have not changed."""
    files = [FoundFile(file.path, file.size, file.mtime_ns) for _, file in videos.files_of(tx, video)]
    return [looking_unit(file, urgency="in turn", asked=Asked.read(like)) for file in files]


def _forgettable(tx: Transaction, video: VideoId | None) -> VideoId | None:
    """The video, if its making had not ended and nobody wrote about it: it may be of two contents."""
    if video is None or not (stored := videos.load(tx, [video])):
        return None
    has_edits = videos.count_for_removal(tx, video).edits > 0
    return None if stored[0].complete or has_edits else video
