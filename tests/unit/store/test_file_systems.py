"""Network file systems are told from the lines that Linux shows of its mounts."""

from pathlib import Path

import pytest

from indexer.errors import LibraryError
from indexer.store import file_systems, open_database, settings, upgrade_schema
from indexer.store.file_systems import find_mount, mount_of, parse_mounts, require_local

DESKTOP = rb"""21 28 0:19 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
22 28 0:20 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw
28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
30 28 0:25 / /tmp rw,nosuid,nodev shared:11 - tmpfs tmpfs rw,inode64
95 28 259:5 /@home /home rw,relatime shared:40 - btrfs /dev/nvme0n1p3 rw,ssd,subvol=/@home
201 28 0:51 / /mnt/nas rw,relatime shared:152 - nfs4 nas:/volume1 rw,vers=4.2,rsize=1048576,proto=tcp,addr=10.0.0.2
202 28 0:52 / /mnt/nas\040two/T\303\274r rw,relatime shared:160 - cifs //nas/media rw,vers=3.1.1,uid=0,addr=10.0.0.2
203 95 0:53 / /home/ann/remote rw,nosuid,nodev,relatime shared:170 - fuse.sshfs ann@host:/ rw,user_id=1000
204 28 0:51 /films /srv/films rw,relatime shared:152 - nfs4 nas:/volume1 rw,vers=4.2,proto=tcp
205 201 259:7 / /mnt/nas/cache rw,relatime shared:180 - xfs /dev/sdb1 rw
206 28 8:17 / /media/usb rw,relatime shared:190 - fuseblk /dev/sdb1 rw,user_id=0
207 28 0:60 / /mnt/hidden/inner rw,relatime - nfs nas:/old rw,vers=3
208 28 0:61 / /mnt/hidden rw,relatime - tmpfs tmpfs rw
209 28 0:62 / /mnt/stacked rw,relatime - ext4 /dev/sdc1 rw
210 209 0:63 / /mnt/stacked rw,relatime - nfs nas:/new rw,vers=3
"""
WINDOWS = rb"""63 60 0:33 / /mnt/c rw,noatime - 9p C:\134 rw,dirsync,aname=drvfs;path=C:\;uid=1000,trans=fd,rfd=5
60 30 8:32 / / rw,relatime - ext4 /dev/sdc rw,discard,errors=remount-ro,data=ordered
64 60 0:34 / /mnt/share rw,relatime - 9p host:/share rw,trans=tcp,port=564
65 60 0:35 / /mnt/guest rw,relatime - 9p hostshare rw,trans=virtio
"""


@pytest.mark.parametrize(
    ("path", "kind", "is_network"),
    [
        ("/etc/x", "ext4", False),
        ("/tmp/library", "tmpfs", False),
        ("/home/ann/library.db", "btrfs", False),
        ("/home/ann/remote/a/b", "fuse.sshfs", True),
        ("/mnt/nas", "nfs4", True),
        ("/mnt/nas/a", "nfs4", True),
        ("/mnt/nasty/a", "ext4", False),
        ("/mnt/nas two/Tür/library", "cifs", True),
        ("/srv/films/library", "nfs4", True),  # a bind mount of the share
        ("/mnt/nas/cache/library", "xfs", False),  # a disk inside the share
        ("/media/usb/x", "fuseblk", False),
        ("/mnt/hidden/inner/x", "tmpfs", False),  # the share lies under what was mounted over it
        ("/mnt/stacked/x", "nfs", True),  # the later mount at one place
    ],
)
def test_the_mount_of_a_path(path: str, kind: str, is_network: bool) -> None:
    mount = find_mount(Path(path), parse_mounts(DESKTOP))
    assert mount is not None
    assert (mount.kind, mount.is_network) == (kind, is_network)


def test_drives_of_windows_and_plan_9_over_a_wire() -> None:
    mounts = parse_mounts(WINDOWS)
    found = {path: find_mount(Path(path), mounts) for path in ("/x", "/mnt/c/Users", "/mnt/share/x", "/mnt/guest/x")}
    assert [mount is not None and mount.is_network for mount in found.values()] == [False, True, True, False]


@pytest.mark.parametrize(
    "kind", ["nfs", "smb3", "lustre", "ceph", "fuse.rclone", "fuse.davfs", "beegfs", "afs", "gpfs"]
)
def test_kinds_that_are_refused(kind: str) -> None:
    (mount,) = parse_mounts(f"1 1 0:1 / / rw - {kind} source rw".encode())
    assert mount.is_network


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "zfs", "overlay", "nfsd", "fuse.mergerfs", "fuse", "virtiofs", "cephalopod"]
)
def test_kinds_that_are_fine(kind: str) -> None:
    (mount,) = parse_mounts(f"1 1 0:1 / / rw - {kind} source rw".encode())
    assert not mount.is_network


def test_lines_that_say_nothing_are_passed_over() -> None:
    assert parse_mounts(b"\nnonsense\n1 2 3\nx y 0:1 / / rw - ext4 a rw\n1 1 0:1 / / rw -") == []
    assert find_mount(Path("/x"), []) is None


def test_this_machine_can_be_read(tmp_path: Path) -> None:
    mount = mount_of(tmp_path / "not yet" / "library.db")
    if file_systems.MOUNTS.exists():
        assert mount is not None
        assert (tmp_path.resolve()).is_relative_to(mount.point)


@pytest.fixture
def shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the system says is a share, on a machine like any other."""
    share = tmp_path.resolve() / "nas"
    share.mkdir()
    listed = tmp_path / "mountinfo"
    listed.write_text(f"1 1 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:5 / {share} rw - nfs4 nas:/v rw,vers=4.2\n")
    monkeypatch.setattr(file_systems, "MOUNTS", listed)
    return share


def test_a_library_on_a_share_is_not_written_to(shares: Path, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"network file system \(nfs4\).*--library.*--database"):
        open_database(f"sqlite:///{shares / 'library.db'}", purpose="write")
    with pytest.raises(LibraryError, match="nfs4"):
        upgrade_schema(f"sqlite:///{shares / 'library.db'}")
    assert list(shares.iterdir()) == []
    (tmp_path / "link").symlink_to(shares)
    with pytest.raises(LibraryError, match="nfs4"):
        require_local(tmp_path / "link" / "library.db")
    require_local(tmp_path / "library.db")


def test_a_library_on_a_share_that_nobody_writes_to_is_read(shares: Path, tmp_path: Path) -> None:
    local = tmp_path / "library.db"
    writer = open_database(f"sqlite:///{local}", purpose="write")
    with writer.write() as tx:
        settings.put(tx, "word", "kept")
    writer.close()
    (shares / "library.db").write_bytes(local.read_bytes())
    with open_database(f"sqlite:///{shares / 'library.db'}", purpose="read").read() as tx:
        assert settings.get(tx, "word") == "kept"
    assert [path.name for path in shares.iterdir()] == ["library.db"], "nothing is written beside it"
    (shares / "library.db-wal").write_bytes(b"of a writer")
    with pytest.raises(LibraryError, match="open elsewhere"):
        open_database(f"sqlite:///{shares / 'library.db'}", purpose="read")


def test_where_the_system_says_nothing_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_systems, "MOUNTS", tmp_path / "none")
    require_local(tmp_path / "library.db")
