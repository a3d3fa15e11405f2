"""axe-core, which finds what keeps people with disabilities out of a page:
fetched once per machine from npm, never part of this repository.
"""

from __future__ import annotations

import fcntl
import functools
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from tests.services import missing
from tests.services.elasticsearch_install import cache_folder

VERSION = "4.10.3"
CALL_SECONDS = 120
SCRIPT = "package/axe.min.js"


@functools.cache
def axe_script() -> str:
    """The script to run in a page. Ends the test where it cannot be had."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"axe-core-{VERSION}.js"
    with (cache / "axe-core.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _fetch(path)
    return path.read_text(encoding="utf-8")


def _fetch(path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        missing("npm, to fetch axe-core")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        command = [
            npm,
            "pack",
            f"axe-core@{VERSION}",
            "--silent",
            "--pack-destination",
            folder,
        ]
        done = subprocess.run(
            command,
            cwd=folder,
            check=False,
            capture_output=True,
            timeout=CALL_SECONDS,
        )
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or packed is None:
            missing(f"axe-core {VERSION}")
        with tarfile.open(packed) as archive:
            script = archive.extractfile(SCRIPT)
            assert script is not None
            kept = Path(folder) / "axe.js"
            kept.write_bytes(script.read())
        kept.rename(path)
