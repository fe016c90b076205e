"""On which file system a file lies, and whether a SQLite library can be kept there.

SQLite in WAL mode needs locks and shared memory that all its users see. Network file systems give these to the programs
of one machine at best: two machines that write would damage the library without a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.domain import path_text
from indexer.errors import LibraryError

MOUNTS = Path("/proc/self/mountinfo")

_NETWORK = re.compile(
    "nfs|nfs4|cifs|smb2|smb3|smbfs|afs|ncpfs|coda|ceph|lustre|glusterfs|beegfs|gpfs|orangefs|pvfs2|vboxsf|vmhgfs|prl_fs"
)
_NETWORK_IN_FUSE = re.compile(
    r"fuse\.(sshfs|rclone|davfs2?|curlftpfs|smbnetfs|gvfsd-fuse|glusterfs|ceph|ceph-fuse|s3fs|gcsfuse|goofys|mount-s3|"
    r"mountpoint-s3|blobfuse2?|juicefs|mfs|seaweedfs|vmhgfs-fuse)"
)


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of `mountinfo`: what is mounted at `point`, over the mount whose number is `parent`."""

    number: int
    parent: int
    point: Path
    kind: str  # `ext4`, `nfs4`, `fuse.sshfs`
    options: frozenset[str]  # of the file system

    @property
    def is_network(self) -> bool:
        """Whether its locks are not those of one machine. Plan 9's protocol is taken for such over a wire, and where it
        shows the drives of Windows to Linux; virtual machines keep their own disks by it as well, which is all right.
        """
        if self.kind == "9p":
            return not self.options.isdisjoint({"trans=tcp", "trans=rdma", "aname=drvfs"})
        return bool(_NETWORK.fullmatch(self.kind) or _NETWORK_IN_FUSE.fullmatch(self.kind))


def mount_of(path: Path) -> Mount | None:
    """Where `path`, which need not be there yet, lies; links are followed. None where the system does not say."""
    try:
        listed = MOUNTS.read_bytes()
    except OSError:
        return None
    return find_mount(path.resolve(), parse_mounts(listed))


def require_local(path: Path) -> None:
    """Raise `LibraryError` where a SQLite database that is written to must not lie."""
    mount = mount_of(path)
    if mount is not None and mount.is_network:
        raise LibraryError(
            f"{path_text(path.parent)} lies on a network file system ({mount.kind}), whose locks do not hold between "
            "machines: a library there would be damaged. Keep it on a disk of this machine (--library; the footage may "
            "stay where it is), or in a PostgreSQL database (--database)"
        )


def parse_mounts(listed: bytes) -> list[Mount]:
    """The lines of `/proc/self/mountinfo` (proc_pid_mountinfo(5)); those that say nothing we know are passed over."""
    parsed = (_parse(line) for line in listed.splitlines())
    return [mount for mount in parsed if mount is not None]


def find_mount(path: Path, mounts: Sequence[Mount]) -> Mount | None:
    """The mount that holds `path` (absolute, without links), found as the system walks: from the root, into whatever is
    mounted first on the way. So a mount that another one hides is never taken."""
    known = {mount.number for mount in mounts}
    here: Mount | None = None
    left = list(mounts)
    while True:
        above = None if here is None else here.number
        inside = [one for one in left if _lies_on(one, above, known) and path.is_relative_to(one.point)]
        if not inside:
            return here
        here = min(inside, key=lambda one: len(one.point.parts))
        left.remove(here)


def _lies_on(mount: Mount, above: int | None, known: set[int]) -> bool:
    """The first mounts are those whose parents we are not shown, or that are their own."""
    is_first = mount.parent not in known or mount.parent == mount.number
    return is_first if above is None else mount.parent == above and not is_first


def _parse(line: bytes) -> Mount | None:
    before, separator, after = line.partition(b" - ")
    fields, described = before.split(b" "), after.split(b" ")
    if not separator or len(fields) < 6 or not (fields[0].isdigit() and fields[1].isdigit()):
        return None
    options = described[2].decode("utf-8", "replace") if len(described) > 2 else ""
    return Mount(
        number=int(fields[0]),
        parent=int(fields[1]),
        point=Path(_unescaped(fields[4]).decode("utf-8", "surrogateescape")),
        kind=_unescaped(described[0]).decode("utf-8", "replace"),
        options=frozenset(re.split("[,;]", options)),
    )


def _unescaped(field: bytes) -> bytes:
    """Blank, tab, line feed and backslash are written as three octal digits."""
    return re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8) & 0xFF]), field)
