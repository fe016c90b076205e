"""Take from a process what it never needs for decoding: the network, other programs and processes, changing files.

Linux only: a seccomp filter, which the kernel asks about every system call (Documentation/userspace-api/seccomp_filter
of the kernel; the program is classic BPF, as in linux/bpf_common.h). What is denied fails with EPERM; it cannot be
undone. `readable_files` adds which files may be read.

As a script it confines itself and becomes another program: `python -I -S confinement.py PROGRAM ARGUMENT...`
"""

import ctypes
import errno
import os
import platform
import re
import struct
import sys
from collections.abc import Callable

# Numbers of system calls, `name x86_64/aarch64`, from asm/unistd_64.h and asm-generic/unistd.h. `-`: not there.
_NETWORK = """
    socket 41/198, socketpair 53/199, connect 42/203, bind 49/200, listen 50/201, accept 43/202, accept4 288/242,
    sendto 44/206, sendmsg 46/211, sendmmsg 307/269, io_uring_setup 425/425, io_uring_enter 426/426,
    io_uring_register 427/427
"""
_PROGRAMS = """
    execve 59/221, execveat 322/281, fork 57/-, vfork 58/-
"""
_OTHER_PROCESSES = """
    ptrace 101/117, process_vm_readv 310/270, process_vm_writev 311/271, process_madvise 440/440, kcmp 312/272,
    pidfd_open 434/434, pidfd_getfd 438/438, pidfd_send_signal 424/424, tkill 200/130, rt_sigqueueinfo 129/138,
    rt_tgsigqueueinfo 297/240, setpriority 141/140, shmget 29/194, shmat 30/196, shmctl 31/195, msgget 68/186,
    semget 64/190, mq_open 240/180, mq_unlink 241/181
"""
_CHANGING_FILES = """
    creat 85/-, truncate 76/45, ftruncate 77/46, unlink 87/-, unlinkat 263/35, rename 82/-, renameat 264/38,
    renameat2 316/276, link 86/-, linkat 265/37, symlink 88/-, symlinkat 266/36, mkdir 83/-, mkdirat 258/34,
    rmdir 84/-, mknod 133/-, mknodat 259/33, chmod 90/-, fchmod 91/52, fchmodat 268/53, fchmodat2 452/452,
    chown 92/-, fchown 93/55, lchown 94/-, fchownat 260/54, utime 132/-, utimes 235/-, futimesat 261/-,
    utimensat 280/88, setxattr 188/5, lsetxattr 189/6, fsetxattr 190/7, removexattr 197/14, lremovexattr 198/15,
    fremovexattr 199/16, setxattrat 463/463, removexattrat 466/466, open_by_handle_at 304/265
"""
_SYSTEM = """
    bpf 321/280, perf_event_open 298/241, userfaultfd 323/282, keyctl 250/219, add_key 248/217,
    request_key 249/218, unshare 272/97, setns 308/268, mount 165/40, umount2 166/39, pivot_root 155/41,
    chroot 161/51, move_mount 429/429, open_tree 428/428, fsopen 430/430, fsconfig 431/431, fsmount 432/432,
    init_module 175/105, finit_module 313/273, delete_module 176/106, kexec_load 246/104, kexec_file_load 320/294,
    reboot 169/142, swapon 167/224, swapoff 168/225, mount_setattr 442/442, quotactl 179/60, acct 163/89,
    fanotify_init 300/262, syslog 103/116, settimeofday 164/170, clock_settime 227/112, clock_adjtime 305/266,
    adjtimex 159/171, sethostname 170/161, setdomainname 171/162, iopl 172/-, ioperm 173/-
"""
_CLONE, _CLONE3 = (56, 220), (435, 435)
_OPEN, _OPENAT, _OPENAT2 = (2, None), (257, 56), (437, 437)
_KILL, _TGKILL, _PRLIMIT = (62, 129), (234, 131), (302, 261)
_FCNTL, _IOCTL = (72, 25), (16, 29)

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH_*
_CLONE_THREAD = 0x10000
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_SET_OWNER = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: the kernel would send a signal of choice to the owner
_TYPE_FOR_OTHERS = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: put words into the terminal's input
_X32 = 0x40000000  # the second numbering of system calls on x86_64

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # in struct seccomp_data
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _FILTER_MODE = 22, 38, 2


def confine_decoder() -> bool:
    """Confine the calling thread, and all it starts, for good. False where the system does not offer it."""
    return _install(_NETWORK + _PROGRAMS + _OTHER_PROCESSES + _CHANGING_FILES + _SYSTEM, _own_work_only)


def confine_program() -> bool:
    """For a program that is to be started and writes files: no network and no other processes."""
    return _install(_NETWORK + _OTHER_PROCESSES + _SYSTEM, _own_process_only)


def forbid_new_privileges() -> bool:
    """What both kinds of confinement ask for first: no program started from here gains rights."""
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1, None)


def forget_environment() -> None:
    """Passwords and tokens live in the environment: overwrite it, also where the kernel put it."""
    if sys.platform == "linux":
        entries = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
        place = 0
        while entries and (entry := entries[place]):
            ctypes.memset(entry, 0, len(ctypes.string_at(entry)))
            place += 1
        ctypes.CDLL(None).clearenv()
    os.environ.clear()


def _install(denied: str, special: Callable[[int], bytes]) -> bool:
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 1 << 32:
        return False
    program = _program(*machine, denied=denied, special=special)
    code = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))  # struct sock_fprog
    return forbid_new_privileges() and _prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.c_char_p(described))


def _program(column: int, architecture: int, *, denied: str, special: Callable[[int], bytes]) -> bytes:
    """Instructions of `struct sock_filter`, eight bytes each."""
    numbers = [int(call[column]) for call in re.findall(r"(\d+)/(\d+|-)", denied) if call[column] != "-"]
    return b"".join(
        [
            _step(_LOAD, _ARCHITECTURE),
            _step(_EQUAL, architecture, met=1),
            _step(_RETURN, _KILL_PROCESS),
            _step(_LOAD, _NUMBER),
            _step(_AT_LEAST, _X32, unmet=1),
            _step(_RETURN, _ERRNO | errno.EPERM),
            *(_when(number, _step(_RETURN, _ERRNO | errno.EPERM)) for number in numbers),
            special(column),
            _step(_RETURN, _ALLOW),
        ]
    )


def _own_work_only(column: int) -> bytes:
    """Threads but no processes, files for reading only. Calls whose arguments a filter cannot see are said not to be
    there, and the C library takes the older ones."""
    absent = _step(_RETURN, _ERRNO | errno.ENOSYS)
    return b"".join(
        [
            _when(_CLONE3[column], absent),
            _when(_OPENAT2[column], absent),
            _when(_CLONE[column], _allow_if(_ANY_BIT, _CLONE_THREAD)),
            _when(_OPEN[column], _deny_if_any(_TO_WRITE, argument=1)),
            _when(_OPENAT[column], _deny_if_any(_TO_WRITE, argument=2)),
            _own_process_only(column),
        ]
    )


def _own_process_only(column: int) -> bytes:
    """Signals and limits to itself only, also by way of a file's owner or a terminal's input."""
    return b"".join(
        [
            _when(_KILL[column], _allow_if(_EQUAL, os.getpid())),
            _when(_TGKILL[column], _allow_if(_EQUAL, os.getpid())),
            _when(_PRLIMIT[column], _allow_if(_EQUAL, 0)),
            _when(_FCNTL[column], _deny_if_one_of(_SET_OWNER, argument=1)),
            _when(_IOCTL[column], _deny_if_one_of(_TYPE_FOR_OTHERS, argument=1)),
        ]
    )


def _when(number: int | None, steps: bytes) -> bytes:
    """`steps`, which return, for this system call, if there is one; past them for any other."""
    if number is None:
        return b""
    return _step(_EQUAL, number, unmet=len(steps) // 8) + steps


def _allow_if(test: int, value: int) -> bytes:
    loaded = _step(_LOAD, _FIRST_ARGUMENT) + _step(test, value, unmet=1)
    return loaded + _step(_RETURN, _ALLOW) + _step(_RETURN, _ERRNO | errno.EPERM)


def _deny_if_any(bits: int, *, argument: int) -> bytes:
    loaded = _step(_LOAD, _FIRST_ARGUMENT + 8 * argument) + _step(_ANY_BIT, bits, unmet=1)
    return loaded + _step(_RETURN, _ERRNO | errno.EPERM) + _step(_RETURN, _ALLOW)


def _deny_if_one_of(values: tuple[int, ...], *, argument: int) -> bytes:
    deny = _step(_RETURN, _ERRNO | errno.EPERM)
    tests = b"".join(_step(_EQUAL, value, unmet=1) + deny for value in values)
    return _step(_LOAD, _FIRST_ARGUMENT + 8 * argument) + tests + _step(_RETURN, _ALLOW)


def _step(code: int, value: int, *, met: int = 0, unmet: int = 0) -> bytes:
    return struct.pack("HBBI", code, met, unmet, value)


def _prctl(option: int, value: int, pointer: object) -> bool:
    return bool(ctypes.CDLL(None).prctl(option, value, pointer, 0, 0) == 0)


if __name__ == "__main__":
    confine_program()
    os.execv(sys.argv[1], sys.argv[1:])
