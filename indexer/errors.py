"""Every error Shotlist raises on purpose.

    ShotlistError               something a person can mend; the message says how
    ├── UsageError              the request makes no sense (unknown video, bad filter, bad time)
    ├── LibraryError            the library cannot be used (missing, newer than the program)
    │   └── LibraryBusy         not now: its disk is full, another program keeps it, its server is away
    ├── MediaError              a file cannot become a video; carries a `reason` code
    │   ├── MediaRefused        the file is not what we index, or not safe to open
    │   └── MediaFailed         it should have worked: the decoder crashed, hung or ran out of memory
    └── ComponentError          a captioner, embedder, detector or program is missing or unfit
        └── ComponentAway       not now: its server does not answer

Anything else that escapes is a defect and stops the run loudly; one in the process that reads a file fails that file.
"""


class ShotlistError(Exception):
    """Something a person can mend; `str(error)` says what happened and what to do."""


class UsageError(ShotlistError):
    """The request cannot be understood or names something that is not there."""


class LibraryError(ShotlistError):
    """The library folder or its database cannot be used as it is."""


class LibraryBusy(LibraryError):
    """The library cannot be written to now; what could not be written may be tried again."""


class MediaError(ShotlistError):
    """A file cannot become a video. `reason` is a stable code for programs, the message is for people."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class MediaRefused(MediaError):
    """The file is not footage, is damaged beyond use, or is not safe to open."""


class MediaFailed(MediaError):
    """Decoding crashed, hung or outgrew its limits: recorded for that file, and the run goes on."""


class ComponentError(ShotlistError):
    """A captioner, embedder, detector or outside program is missing or unfit for use."""


class ComponentAway(ComponentError):
    """What does the work on another machine or in another program does not answer now; it may be tried again."""
