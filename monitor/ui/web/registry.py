"""Finds the pages and the endpoints of the API: each is a folder or a module
that nobody lists.

A page is a folder of `pages/` whose `routes` module has `page`; an endpoint is
a module of `api/` that has `endpoint`. So two people who add one each change
no common file.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from flask import Blueprint

from monitor.types.accounts import Role
from monitor.ui.web import api, pages
from monitor.ui.web.api.endpoint import Endpoint

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A page's place in the navigation. `title` is German, its translation
    stands in `en.po`.
    """

    title: str
    address: str
    order: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its routes, who may see it, and where it stands in the
    navigation, if it does.
    """

    blueprint: Blueprint
    nav: NavEntry | None = None
    role: Role = "reader"


def find_pages() -> tuple[Page, ...]:
    """All pages, in order of their names."""
    return tuple(module.page for module in _modules(pages, "{}.routes"))


def find_endpoints() -> tuple[Endpoint, ...]:
    """All endpoints of the API, in order of their names."""
    modules = _modules(api, "{}")
    return tuple(
        module.endpoint for module in modules if hasattr(module, "endpoint")
    )


def page_folders() -> tuple[Path, ...]:
    """Where templates, words and styles lie: the common ones first."""
    own = sorted(
        path for path in (FOLDER / "pages").iterdir() if path.is_dir()
    )
    return (FOLDER, *own)


def _modules(package: ModuleType, name: str) -> Iterator[ModuleType]:
    for found in sorted(
        pkgutil.iter_modules(package.__path__), key=lambda module: module.name
    ):
        yield import_module(f"{package.__name__}.{name.format(found.name)}")
