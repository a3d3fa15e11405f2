"""veraPDF: whether a PDF keeps to PDF/UA-1. Java libraries, fetched by Maven
and kept per user.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.services import missing

HERE = Path(__file__).parent
SECONDS = 300


def problems_of(*files: Path) -> list[str]:
    """What veraPDF finds in these files. Ends the test where it cannot be had."""
    java = shutil.which("java")
    if java is None:
        missing("Java")
    command = [
        java,
        "-cp",
        f"{_libraries()}/*",
        str(HERE / "Validate.java"),
        *map(str, files),
    ]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert ended.returncode in (0, 1), ended.stderr
    assert ended.stdout.count("compliant=") == len(files), (
        ended.stdout + ended.stderr
    )
    return [
        line.strip()
        for line in ended.stdout.splitlines()
        if line.startswith("  ")
    ]


def _libraries() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = caches / "monitor-tests" / "verapdf-1.30.2"
    if not list(folder.glob("validation-model-*.jar")):
        _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        missing("Maven, which fetches veraPDF")
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), *goal]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if ended.returncode != 0:
        missing(f"veraPDF: {ended.stdout[-500:]}")
