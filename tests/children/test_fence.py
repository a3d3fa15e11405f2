"""What a child may not do, whatever the page made of it; and what it still
can.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.children.fence import missing_fences, program_files
from monitor.children.pool import ChildPool
from monitor.children.terms import Terms

pytestmark = pytest.mark.skipif(
    bool(missing_fences()), reason=f"no whole fence here: {missing_fences()}"
)
Pool = ChildPool[tuple[str, str], str]
ASK_VERSION = (444, None, ctypes.c_size_t(0), 1)


def pool_of(*, scratch: bool = False) -> Pool:
    terms = Terms(
        "tests.children.fenced_work", 30, 1 << 30, tasks=1000, scratch=scratch
    )
    return ChildPool(terms, children=1)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = pool_of()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as the daemon has one, open for everybody."""
    (tmp_path / "monitor.db").write_text("secret")
    return tmp_path


@pytest.fixture
def server() -> Iterator[str]:
    """Somebody who listens on the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize(
    "how", ["connect", "connect in a thread", "connect in a fork"]
)
def test_no_connection(pool: Pool, server: str, how: str) -> None:
    assert pool.ask((how, server)) == "PermissionError"


@pytest.mark.parametrize(
    "kind",
    [
        "AF_INET SOCK_STREAM",
        "AF_INET SOCK_DGRAM",
        "AF_INET6 SOCK_STREAM",
        "AF_INET6 SOCK_DGRAM",
        "AF_UNIX SOCK_STREAM",
        "AF_UNIX SOCK_DGRAM",
        "AF_NETLINK SOCK_RAW",
        "AF_INET SOCK_RAW",
        "AF_PACKET SOCK_RAW",
    ],
)
def test_no_socket_of_any_kind(pool: Pool, kind: str) -> None:
    assert pool.ask(("open socket", kind)) == "PermissionError"


@pytest.mark.parametrize(
    ("what", "about"),
    [("ask a name server", "127.0.0.1"), ("io_uring", ""), ("new users", "")],
)
def test_no_way_around_it(pool: Pool, what: str, about: str) -> None:
    assert pool.ask((what, about)) == "PermissionError"


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("read", "monitor.db"),
        ("write", "monitor.db"),
        ("append", "monitor.db"),
        ("truncate", "monitor.db"),
        ("delete", "monitor.db"),
        ("rename", "monitor.db"),
        ("write", "new"),
        ("make a folder", "new"),
        ("link", "new"),
        ("list", "."),
    ],
)
def test_the_data_folder_is_out_of_reach(
    pool: Pool, folder: Path, what: str, name: str
) -> None:
    assert pool.ask((what, str(folder / name))) == "PermissionError"
    assert [path.name for path in folder.iterdir()] == ["monitor.db"]
    assert (folder / "monitor.db").read_text() == "secret"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/etc/hostname", "/proc/1/environ", "/root"]
)
def test_nor_is_what_else_lies_on_the_machine(pool: Pool, path: str) -> None:
    if not os.path.exists(path):
        pytest.skip("not on this machine")
    assert (
        pool.ask(("list" if os.path.isdir(path) else "read", path))
        == "PermissionError"
    )


def test_programs_cannot_be_written_nor_started(pool: Pool) -> None:
    assert pool.ask(("append", __file__)) == "PermissionError"
    assert pool.ask(("append", os.__file__)) == "PermissionError"
    assert (
        pool.ask(("run", os.path.realpath(sys.executable)))
        == "PermissionError"
    )
    assert pool.ask(("run", "/bin/true")) == "PermissionError"


def test_the_daemon_gets_no_signals(pool: Pool) -> None:
    version = ctypes.CDLL(None).syscall(*ASK_VERSION)
    if version < 6:
        pytest.skip("this Landlock does not know signals")
    assert pool.ask(("signal", str(os.getpid()))) == "PermissionError"


@pytest.mark.parametrize(
    "module",
    ["colorsys", "encodings.cp1250", "lxml.objectify", "_ctypes_test"],
)
def test_what_is_imported_late_is_found(pool: Pool, module: str) -> None:
    pytest.importorskip(module)
    assert pool.ask(("late import", module)) == "done"


def test_zones_and_null_can_be_read(pool: Pool) -> None:
    assert pool.ask(("read", "/dev/null")) == "done"


def test_scratch_is_for_temporary_files_only() -> None:
    apart = pool_of(scratch=True)
    with tempfile.NamedTemporaryFile(delete=False) as file:
        mine = file.name
    # The checkout itself may lie in the folder of temporary files.
    with tempfile.NamedTemporaryFile(dir="/var/tmp", delete=False) as file:
        elsewhere = file.name
    try:
        assert apart.ask(("write", mine)) == "done"
        assert apart.ask(("delete", mine)) == "done"
        assert apart.ask(("append", elsewhere)) == "PermissionError"
        assert (
            apart.ask(("open socket", "AF_INET SOCK_STREAM"))
            == "PermissionError"
        )
    finally:
        apart.close()
        Path(mine).unlink(missing_ok=True)
        Path(elsewhere).unlink()


def test_the_folder_around_the_program_is_not_readable() -> None:
    """Where `feeds.yaml` and `.env` of a checkout lie."""
    package = Path(__file__).parents[2]
    assert str(package) not in {
        str(Path(path).resolve()) for path in program_files()
    }
    assert str(package / "monitor") in program_files()


CONTAINER = """
import ctypes, sys
from monitor.children import fence
machine = fence.platform.machine()
code = fence._filter(fence.ARCHITECTURES[machine], (fence.CREATE_RULESET,))
program = fence._Program(len(code), (fence._Instruction * len(code))(*code))
fence._no_new_privileges()
mode = ctypes.c_ulong(fence.MODE_FILTER)
fence._checked(fence._libc().prctl(fence.SET_SECCOMP, mode, ctypes.byref(program), 0, 0))
print(*fence.missing_fences())
fence.close_in(fence.program_files())
open(sys.argv[1], "w").close()
import socket
try:
    socket.socket()
except PermissionError:
    print("no socket all the same")
"""


def test_a_container_that_forbids_landlock_is_said_and_the_rest_holds(
    tmp_path: Path,
) -> None:
    """As old Docker profiles do."""
    command = [sys.executable, "-c", CONTAINER, str(tmp_path / "file")]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.splitlines() == [
        "files (no Landlock in this kernel)",
        "no socket all the same",
    ]
