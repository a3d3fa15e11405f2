"""Fetches a small Elasticsearch for tests, once per machine: Elastic's own
minimal distribution from Maven Central.

    python -m tests.services.elasticsearch_install 9.2.0

It lacks the analysis filters of a full distribution; a plugin of one class
(`elasticsearch_plugin/`) brings those that our mapping uses. Knows how to
install; `elasticsearch.py` starts what lies there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

ARTIFACT = (
    "org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}:zip"
)
CALL_SECONDS = 600
LEAST_JAVA = {8: 17, 9: 21}
MOST_JAVA = {8: 24, 9: 25}  # what each was built to run on
PLUGIN = Path(__file__).parent / "elasticsearch_plugin" / "GermanAnalysis.java"
DESCRIPTOR = """description=filters of the full distribution, for tests
version=1
name=analysis-german
java.version={java}
elasticsearch.version={version}
classname=monitor.test.GermanAnalysis
"""


class NotInstalled(Exception):
    """The server cannot be had here; says what is missing."""


def cache_folder() -> Path:
    """Where servers lie between runs. Root needs a place that the unprivileged
    server may read.
    """
    chosen = os.environ.get("MONITOR_TEST_CACHE")
    if chosen:
        return Path(chosen)
    return (
        Path("/var/cache/monitor-tests")
        if os.geteuid() == 0
        else Path.home() / ".cache" / "monitor-tests"
    )


def find_java(version: str) -> Path:
    """The home of a JDK that this version runs on. Raises NotInstalled."""
    major = int(version.partition(".")[0])
    homes = [Path(home) for home in (os.environ.get("JAVA_HOME"),) if home]
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    for home in homes:
        release = home / "release"
        if (home / "bin" / "javac").exists() and release.exists():
            found = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if (
                found
                and LEAST_JAVA[major] <= int(found[1]) <= MOST_JAVA[major]
            ):
                return home
    raise NotInstalled(
        f"Elasticsearch {version} needs a JDK {LEAST_JAVA[major]} to {MOST_JAVA[major]}"
    )


def install(version: str) -> Path:
    """The server's folder, fetched and completed where that has not been done
    yet.

    Raises NotInstalled.
    """
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    java = find_java(version)
    home = cache / f"elasticsearch-{version}"
    with (cache / f"elasticsearch-{version}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "lib").is_dir():
            _fetch(version, home)
        own = cache / f"elasticsearch-{version}-{plugin_print()}"
        if not own.is_dir():
            _copy(home, own)
        _add_plugin(version, own, java)
    return own


def plugin_print() -> str:
    """Tells plugins apart: checkouts with another mapping need another server."""
    return hashlib.sha256(PLUGIN.read_bytes()).hexdigest()[:8]


def _copy(home: Path, own: Path) -> None:
    """The same server under another name, by links: it writes nothing there."""
    with tempfile.TemporaryDirectory(dir=own.parent) as folder:
        copy = Path(folder) / own.name
        copied = shutil.copytree(
            home, copy, symlinks=True, copy_function=os.link
        )
        Path(copied).rename(own)


def _fetch(version: str, home: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NotInstalled("Maven (mvn) is needed to fetch Elasticsearch")
    artifact = ARTIFACT.format(version=version)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        for command in (
            [
                maven,
                "-q",
                "-B",
                "dependency:get",
                f"-Dartifact={artifact}",
                "-Dtransitive=false",
            ],
            [
                maven,
                "-q",
                "-B",
                "dependency:copy",
                f"-Dartifact={artifact}",
                f"-DoutputDirectory={folder}",
            ],
        ):
            _run(command)
        with zipfile.ZipFile(
            Path(folder) / f"elasticsearch-{version}.zip"
        ) as archive:
            archive.extractall(folder)
        unpacked = Path(folder) / f"elasticsearch-{version}"
        for program in (unpacked / "bin").iterdir():
            program.chmod(0o755)
        unpacked.rename(home)


def _add_plugin(version: str, home: Path, java: Path) -> None:
    folder = home / "modules" / "analysis-german"
    copy = folder / PLUGIN.name
    if copy.exists() and copy.read_bytes() == PLUGIN.read_bytes():
        return
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home) as temporary:
        built = Path(temporary) / "analysis-german"
        classes = Path(temporary) / "classes"
        built.mkdir()
        release = LEAST_JAVA[int(version.partition(".")[0])]
        javac: list[str | Path] = [
            java / "bin" / "javac",
            "--release",
            str(release),
            "-nowarn",
            "-cp",
            f"{home}/lib/*",
        ]
        _run([*javac, "-d", classes, PLUGIN])
        _run(
            [
                java / "bin" / "jar",
                "cf",
                built / "analysis-german.jar",
                "-C",
                classes,
                ".",
            ]
        )
        (built / "plugin-descriptor.properties").write_text(
            DESCRIPTOR.format(java=release, version=version)
        )
        shutil.copy(PLUGIN, built)
        built.chmod(0o755)
        built.rename(folder)


def _run(command: Sequence[str | Path]) -> None:
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=CALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(
            f"{command[0]} took longer than {CALL_SECONDS} s"
        ) from None
    if done.returncode:
        raise NotInstalled(
            f"{command[0]}: {done.stdout[-500:]}{done.stderr[-500:]}"
        )


if __name__ == "__main__":
    try:
        for wanted in sys.argv[1:]:
            print(install(wanted))
    except NotInstalled as error:
        sys.exit(str(error))
