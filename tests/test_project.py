"""The project tests itself: the rules of its layout that no other tool knows.

Each rule is one test over all files, so that a new module is under it from its
first commit.
"""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from monitor import errors

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "monitor"
OLDEST_PYTHON = (3, 11)
LONGEST_MODULE = 510
LONG_MODULES: dict[str, int] = {
    "monitor/config/settings.py": 530,
}
"""Modules that may be longer, and how long; each with its reason in
ARCHITECTURE.md.
"""

BROAD_EXCEPTS: dict[str, int] = {
    "monitor/flow/steps/match.py": 1,  # one article
    "monitor/children/child.py": 1,  # a child's whole life, which must end here
    "monitor/extract/worker.py": 1,  # one page, in the child
    # one poll of those that share a transaction
    "monitor/flow/ingest/poll_batch.py": 2,
    "monitor/flow/steps/press_review.py": 1,  # one press review
    "monitor/press_review/worker.py": 1,  # one format, in the child
    "monitor/schedule/daemon.py": 1,  # one tick
    "monitor/schedule/dispatch.py": 1,  # one feed or article
}
"""Where `except Exception` may stand, and how often: loops that isolate one
thing from the next.
"""

ONE_THING_IN_TWO_PLACES = {
    "IndexBuild",  # of each engine
    "answering",  # what a child process answers with
    "drop_draft",  # a request, and its SQL
    "lower",  # a plan, for each engine
    "search_articles",  # of each engine
}
"""Public names that two modules below the page share, because they are the
same thing there.
"""


@functools.cache
def tracked() -> tuple[Path, ...]:
    """The files under version control, and those about to be: what others will
    get.
    """
    command = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    names = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    return tuple(
        path for name in names if name and (path := ROOT / name).is_file()
    )


@functools.cache
def text(path: Path) -> str:
    """A file's text; "" for one that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@functools.cache
def tree(path: Path) -> ast.Module:
    """A module, parsed with the grammar of the oldest Python we run on."""
    return ast.parse(
        text(path), filename=str(path), feature_version=OLDEST_PYTHON
    )


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def modules() -> list[Path]:
    return [path for path in python_files() if path.is_relative_to(PACKAGE)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def places(paths: list[Path], pattern: str) -> list[str]:
    """`file:line: text` of each line that matches, for a message that can be
    clicked.
    """
    found = re.compile(pattern)
    lines = (
        (path, number, line)
        for path in paths
        for number, line in enumerate(text(path).splitlines(), 1)
    )
    return [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path, number, line in lines
        if found.search(line)
    ]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file names in an import, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or an attribute, "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return (
        f"{dotted(node.value)}.{node.attr}"
        if isinstance(node, ast.Attribute)
        else ""
    )


def test_there_is_something_to_test() -> None:
    assert len(modules()) > 20
    assert ROOT / "pyproject.toml" in tracked()


def test_modules_keep_their_size() -> None:
    sizes = {name(path): len(text(path).splitlines()) for path in modules()}
    allowed = {
        module: LONG_MODULES.get(module, LONGEST_MODULE) for module in sizes
    }
    assert {
        module: size
        for module, size in sizes.items()
        if size > allowed[module]
    } == {}
    assert set(LONG_MODULES) <= set(sizes), (
        "an exception for a module that is gone"
    )


def test_rooms_import_one_way() -> None:
    """Section by section, as `tool.importlinter` in pyproject.toml has it."""
    tool = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [tool, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_drawn_error_tree_is_the_real_one() -> None:
    def draw(cls: type[Exception], prefix: str = "") -> Iterator[str]:
        children = cls.__subclasses__()
        for child in children:
            last = child is children[-1]
            yield f"{prefix}{'└── ' if last else '├── '}{child.__name__}"
            yield from draw(child, prefix + ("    " if last else "│   "))

    assert errors.__doc__ is not None
    drawn = [
        line[4:]
        for line in errors.__doc__.splitlines()
        if line.startswith("    ")
    ]
    assert [re.sub(r"(\w) {2,}.*", r"\1", line) for line in drawn] == [
        "MonitorError",
        *draw(errors.MonitorError),
    ]
    declared = {
        item.name
        for item in tree(PACKAGE / "errors.py").body
        if isinstance(item, ast.ClassDef)
    }
    assert declared == {
        line.strip("│├└─ ")
        for line in ["MonitorError", *draw(errors.MonitorError)]
    }


def test_every_module_and_package_says_what_it_is_for() -> None:
    assert [
        name(path) for path in modules() if not ast.get_docstring(tree(path))
    ] == []


def test_every_file_parses_on_the_oldest_python() -> None:
    for path in python_files():
        tree(path)


def test_only_config_reads_the_environment() -> None:
    words = r"\bos\.(environ|getenv|putenv)\b|from os import .*\b(environ|getenv)\b"
    outside = [
        path
        for path in modules()
        if not path.is_relative_to(PACKAGE / "config")
    ]
    assert places(outside, words) == []


def test_only_config_reads_yaml() -> None:
    outside = [
        path
        for path in modules()
        if not path.is_relative_to(PACKAGE / "config")
    ]
    assert [
        f"{name(path)}:{line}"
        for path in outside
        for module, line in imported(path)
        if re.match("(ruamel|yaml)", module)
    ] == []


def test_only_fetch_speaks_http() -> None:
    """Libraries that would fetch by themselves are given bytes; other clients
    would skip limits and politeness.
    """
    clients = {
        "urllib.request",
        "http.client",
        "requests",
        "urllib3",
        "httpx",
        "httpcore",
        "trafilatura.downloads",
    }
    outside = [
        path
        for path in modules()
        if not path.is_relative_to(PACKAGE / "fetch")
    ]
    assert [
        f"{name(path)}:{line}"
        for path in outside
        for module, line in imported(path)
        if module in clients
    ] == []
    assert places(modules(), r"\bfetch_url\(|urlretrieve\(") == []


def test_feedparser_is_given_a_stream_and_never_an_address() -> None:
    """feedparser.parse fetches what looks like an address and opens what looks
    like a path; a stream is neither.
    """
    calls = [
        (path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and dotted(node.func) == "feedparser.parse"
    ]
    for path, call in calls:
        source = ast.unparse(call.args[0])
        assert "BytesIO" in source or "stream" in source, (
            f"{name(path)}:{call.lineno}: {source}"
        )


def test_broad_excepts_stand_only_where_they_are_listed() -> None:
    found: dict[str, int] = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                kinds = (
                    node.type.elts
                    if isinstance(node.type, ast.Tuple)
                    else [node.type]
                    if node.type
                    else []
                )
                broad = not kinds or any(
                    dotted(kind) in ("Exception", "BaseException")
                    for kind in kinds
                )
                ends = any(
                    isinstance(part, ast.Raise) and part.exc is None
                    for part in ast.walk(node)
                )
                if broad and not ends:  # clean up and pass on is no swallowing
                    found[name(path)] = found.get(name(path), 0) + 1
    assert found == BROAD_EXCEPTS


def test_public_names_below_the_page_are_unique() -> None:
    """A search for a name finds one thing. The page is left out: its routes
    are named by what their pages do.
    """
    found: dict[str, set[str]] = {}
    for path in modules():
        if not path.is_relative_to(PACKAGE / "ui"):
            for node in tree(path).body:
                if (
                    isinstance(node, ast.ClassDef | ast.FunctionDef)
                    and node.name[0] != "_"
                ):
                    found.setdefault(node.name, set()).add(name(path))
    assert {
        known for known, where in found.items() if len(where) > 1
    } == ONE_THING_IN_TWO_PLACES


def test_importing_does_nothing() -> None:
    """At the top of a module stand definitions; a bare call would act at
    import.
    """
    acts = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in tree(path).body
        if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        or isinstance(node, ast.With | ast.For)
    ]
    assert acts == []


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
    assert [
        name(path)
        for path in modules()
        if path.stem in drawers or path.parent.name in drawers
    ] == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    words = "|".join(
        [
            r"(?<![\w./~-])/(?:work|root|farm)/",
            r"/tmp/(?:brief|bash_jobs)",
            r"\bpypi\.(?:org|python)",
            r"files\.pythonhosted",
            r"\bregistry\.npmjs",
            r"repo1?\.maven",
            r"proxy\.golang",
            r"deb\.debian\.org",
            r"--(?:extra-)?index-url|--find-links",
        ]
    )
    others = [path for path in tracked() if path != Path(__file__)]
    assert places(others, words) == []


def test_nothing_is_left_open() -> None:
    words = r"\b(TODO|FIXME|XXX|HACK)\b|\bNotImplementedError\b"
    others = [path for path in python_files() if path != Path(__file__)]
    assert places(others, words) == []


def test_no_group_is_possessive() -> None:
    """Python 3.11 before 3.11.5 goes on behind what such a group did not take (python/cpython issue
    106052): `(?>(...)?)` says the same.
    """
    assert places(modules(), r"(?<!\\)\)(?:[?*+]|\{[\d,]+\})\+") == []


def test_every_waiver_names_its_rule() -> None:
    words = r"#\s*noqa(?!:\s*[A-Z]+\d)|#\s*type:\s*ignore(?!\[)"
    assert (
        places(
            [path for path in python_files() if path != Path(__file__)], words
        )
        == []
    )


def test_tests_leave_our_own_insides_alone() -> None:
    """`patch` says that a port or an argument is missing.

    Environment variables and folders may be set.
    """
    words = (
        r"unittest\.mock|from unittest import"
        r" mock|\bmocker\b|monkeypatch\.(setattr|setitem|delattr)\("
    )
    tests = [
        path
        for path in python_files()
        if path.is_relative_to(ROOT / "tests") and path != Path(__file__)
    ]
    assert places(tests, words) == []


def test_pins_are_exact_and_carry_no_address() -> None:
    lines = [
        line
        for line in text(ROOT / "constraints.txt").splitlines()
        if not line.startswith("#")
    ]
    assert len(lines) > 50
    assert [
        line
        for line in lines
        if not re.fullmatch(r"[\w.-]+==[\w.+!-]+( ; .+)?", line)
    ] == []


def test_every_dependency_is_pinned() -> None:
    """A dependency added without `scripts/pin` would float.

    Peers that benchmarks measure against may.
    """
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(
            item
            for name, extra in project["optional-dependencies"].items()
            if name != "bench"
            for item in extra
        ),
    ]
    pinned = {
        normal(line.split("==")[0])
        for line in text(ROOT / "constraints.txt").splitlines()
    }
    assert [
        item
        for item in wanted
        if normal(re.split(r"[\[<>=!~; ]", item)[0]) not in pinned
    ] == []


def test_every_imported_library_is_declared() -> None:
    """What is here only because another library brought it may be gone with
    that library's next version.
    """
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *project["optional-dependencies"]["postgres"],
    ]
    declared = {normal(re.split(r"[\[<>=!~; ]", item)[0]) for item in wanted}
    own = {"", "monitor", *sys.stdlib_module_names}
    packages = {
        module.split(".")[0]
        for path in modules()
        for module, _ in imported(path)
    } - own
    makers = metadata.packages_distributions()
    undeclared = {
        p
        for p in packages
        if not declared & {normal(maker) for maker in makers.get(p, [p])}
    }
    assert sorted(undeclared) == []


def normal(package: str) -> str:
    """A package's name as the packaging rules compare it."""
    return re.sub(r"[-_.]+", "-", package).lower()


@pytest.mark.parametrize("script", ["run", "test", "check"])
def test_scripts_can_be_run(script: str) -> None:
    path = ROOT / "scripts" / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(path)], check=False).returncode == 0


def test_the_map_leads_to_modules_that_exist() -> None:
    """ARCHITECTURE.md, "Where to look": one place for each task."""
    rows = (
        (ROOT / "ARCHITECTURE.md")
        .read_text(encoding="utf-8")
        .split("## Where to look")[1]
    )
    paths = re.findall(r"`(monitor/[\w/.-]+)`", rows.split("\n## ")[0])
    assert len(paths) > 40
    assert [path for path in paths if not (ROOT / path).exists()] == []
