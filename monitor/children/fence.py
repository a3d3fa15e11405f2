"""A fence around a process that reads what strangers wrote: no network, no
writing, few files.

Landlock (Linux 5.13, landlock(7)) bounds files, TCP, signals and abstract
sockets; it does not know UDP, so a seccomp filter (seccomp(2)) refuses every
new socket, and a few calls that reach into other processes or widen the
kernel's surface. Both are given up by the process itself, for good and for its
descendants, and need no rights. Called by system call numbers: glibc has no
names for Landlock, and a binding of libseccomp would need a library of the
system.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

# The numbers of Landlock's calls are the same on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# those a rule on a file, not a folder, may have
FILE_RIGHTS = 0b1100000000000111
RIGHTS_OF_FILES = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights on files a version of Landlock knows, each a bit; later ones
add none.
"""
TCP = 0b11  # bind and connect
TCP_SINCE = 4
SCOPES = 0b11  # abstract sockets and signals of processes outside
SCOPES_SINCE = 6

NO_NEW_PRIVILEGES = 38
SET_SECCOMP = 22
MODE_FILTER = 2
REFUSE = 0x00050000 | errno.EPERM
ALLOW = 0x7FFF0000
LOAD, IF_EQUAL, IF_AT_LEAST, ANSWER = 0x20, 0x15, 0x35, 0x06
X32 = 0x40000000  # the same calls once more, by other numbers; on x86-64 only

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
REFUSED_CALLS = {
    # socket, ptrace, unshare, perf_event_open, process_vm_readv,
    # process_vm_writev, bpf, userfaultfd, io_uring_setup (makes sockets
    # without socket()), pidfd_getfd
    "x86_64": (41, 101, 272, 298, 310, 311, 321, 323, 425, 438),
    "aarch64": (198, 117, 97, 241, 270, 271, 280, 282, 425, 438),
}

SYSTEM_FILES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
)
"""Libraries that load late, fonts, zones. Not /etc: what else lies there is
nobody's business.
"""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("tcp", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_uint16),
        ("code", ctypes.POINTER(_Instruction)),
    )


def missing_fences() -> tuple[str, ...]:
    """What this machine cannot keep a child from, in plain words; empty where
    the fence is whole.

    Changes nothing.
    """
    version = _landlock_version()
    missing = []
    if not version:
        missing.append("files (no Landlock in this kernel)")
    if not _has_seccomp():
        missing.append("network (no seccomp filters on this system)")
    return tuple(missing)


def close_in(readable: Iterable[str], writable: Iterable[str] = ()) -> None:
    """Give up the network and all files but these, as far as the kernel can.
    Never raises: a child without a fence is better than a page that nobody
    reads.
    """
    with contextlib.suppress(OSError):
        _give_up_files(tuple(readable), tuple(writable))
    with contextlib.suppress(OSError):
        _give_up_calls()


def program_files() -> tuple[str, ...]:
    """Where the program and its libraries lie. Not the folder that `monitor`
    lies in: the data may lie there, too.
    """
    package = Path(__file__).resolve().parents[1]
    here = {package.parent, Path.cwd().resolve()}
    imports = [
        path for path in sys.path if path and Path(path).resolve() not in here
    ]
    return (*SYSTEM_FILES, sys.base_prefix, str(package), *imports)


def _landlock_version() -> int:
    """0 where there is none, or where a container forbids it."""
    if sys.platform != "linux":
        return 0
    found: int = _libc().syscall(
        CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION
    )
    return max(found, 0)


def _has_seccomp() -> bool:
    """Whether filters can be set: the kernel finds a missing program only
    where it would take one (seccomp(2)).
    """
    if sys.platform != "linux" or platform.machine() not in ARCHITECTURES:
        return False
    _libc().prctl(SET_SECCOMP, ctypes.c_ulong(MODE_FILTER), None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


def _give_up_files(
    readable: tuple[str, ...], writable: tuple[str, ...]
) -> None:
    version = _landlock_version()
    if not version:
        return
    known = RIGHTS_OF_FILES[
        max(since for since in RIGHTS_OF_FILES if since <= version)
    ]
    handled = _Ruleset((1 << known) - 1, TCP if version >= TCP_SINCE else 0)
    handled.scopes = SCOPES if version >= SCOPES_SINCE else 0
    size = ctypes.c_size_t(ctypes.sizeof(handled))
    ruleset = _checked(
        _libc().syscall(CREATE_RULESET, ctypes.byref(handled), size, 0)
    )
    try:
        for path in readable:
            _allow(ruleset, path, READ_FILE | READ_DIR)
        for path in writable:
            _allow(ruleset, path, handled.files & ~1)  # all but to execute
        _no_new_privileges()
        _checked(_libc().syscall(RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """What is not there needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = _PathRule(
            rights if os.path.isdir(path) else rights & FILE_RIGHTS, descriptor
        )
        _checked(
            _libc().syscall(
                ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0
            )
        )
    finally:
        os.close(descriptor)


def _give_up_calls() -> None:
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        return
    code = _filter(ARCHITECTURES[machine], REFUSED_CALLS[machine])
    program = _Program(len(code), (_Instruction * len(code))(*code))
    _no_new_privileges()
    mode = ctypes.c_ulong(MODE_FILTER)
    _checked(_libc().prctl(SET_SECCOMP, mode, ctypes.byref(program), 0, 0))


def _filter(architecture: int, refused: tuple[int, ...]) -> list[_Instruction]:
    """Allow all calls but these, and none by the numbers of another
    architecture.
    """
    last = len(refused) + 5  # the instruction that refuses
    code = [
        _Instruction(LOAD, 0, 0, 4),  # the architecture
        _Instruction(IF_EQUAL, 0, last - 2, architecture),
        _Instruction(LOAD, 0, 0, 0),  # the number of the call
        _Instruction(IF_AT_LEAST, last - 4, 0, X32),
    ]
    for at, call in enumerate(refused, start=len(code)):
        code.append(_Instruction(IF_EQUAL, last - at - 1, 0, call))
    code.append(_Instruction(ANSWER, 0, 0, ALLOW))
    code.append(_Instruction(ANSWER, 0, 0, REFUSE))
    return code


def _no_new_privileges() -> None:
    """The kernel demands it: else a program with more rights would run behind
    our fence.
    """
    _checked(_libc().prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), 0, 0, 0))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "the kernel refused a fence")
    return result


@functools.cache
def _libc() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library
