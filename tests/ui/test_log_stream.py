"""A log that nobody takes any more stops nothing."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from typing import BinaryIO

import pytest

from monitor.ui.log_stream import LogStream
from tests.flow.program import environment, monitor
from tests.flow.world import World

WORK = """
import os, sys
import structlog
from monitor.ui.logs import configure_logs
configure_logs(sys.argv[1], "info")
log = structlog.get_logger()
for number in range(2000):
    log.info("poll", outcome="unchanged", number=number)
    log.warning("odd", number="x" * number)
print("done")
"""


def work(form: str, stderr: BinaryIO) -> tuple[int, str]:
    """Exit code and output of what logs all the time."""
    ended = subprocess.run(
        [sys.executable, "-c", WORK, form],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_reader_of_a_pipe_leaves(form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        assert work(form, pipe) == (0, "done\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_disk_of_a_log_is_full(form: str) -> None:
    with open("/dev/full", "wb") as full:
        _, said = work(form, full)
    assert said == "done\n"


class Disk(io.StringIO):
    """Takes nothing while it is full."""

    full = False

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, "full")
        return super().write(text)


def test_lines_go_on_where_there_is_room_again() -> None:
    disk = Disk()
    stream = LogStream(disk)
    for line, disk.full in (("a", False), ("b", True), ("c", False)):
        print(line, file=stream, flush=True)
    assert disk.getvalue() == "a\nc\n"


@pytest.mark.slow
def test_a_pass_goes_on_without_its_log(catalog: World) -> None:
    """What was polled is read, indexed and found."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(
            [sys.executable, "-m", "monitor", "run", "--once"],
            cwd=catalog.folder,
            env=environment({"MONITOR_LOG_LEVEL": "info"}),
            stdout=subprocess.PIPE,
            stderr=pipe,
            timeout=120,
            check=False,
        )
    assert ended.returncode == 0
    set_aside = monitor(catalog.folder, "quarantine").stdout
    assert "program" not in set_aside
    found = monitor(catalog.folder, "search", "Haushalt", "--json").stdout
    assert json.loads(found)["total"] == 2
