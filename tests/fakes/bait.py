"""Things that an attack would touch, and that notice it: a file and a server."""

import ctypes
import os
import socket
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_IN_NONBLOCK = os.O_NONBLOCK
_OPENED_OR_READ = 0x20 | 0x01  # IN_OPEN, IN_ACCESS


class Canary:
    """Notices that its file was opened (inotify). Use it in a `with`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        libc = ctypes.CDLL(None, use_errno=True)
        self._watch: int = libc.inotify_init1(_IN_NONBLOCK)
        assert libc.inotify_add_watch(self._watch, os.fsencode(self.path), _OPENED_OR_READ) > 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._watch)

    def touched(self) -> bool:
        try:
            return bool(struct.unpack_from("iI", os.read(self._watch, 4096)))
        except BlockingIOError:
            return False


class Listener:
    """A server on the loopback interface that counts who calls. Use it in a `with`."""

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            with caller:
                caller.recv(4096)
                caller.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
