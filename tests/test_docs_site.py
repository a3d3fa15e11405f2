"""The documentation builds as a site, and no link in it leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "deploy").glob("*.md"))
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of mkdocs itself
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Strict mode raises for a dead link, a missing anchor, and a page that no
    menu names.
    """
    config = load_config(
        str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True
    )
    build(config)
    assert (tmp_path / "settings" / "index.html").is_file()


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(ROOT))
)
def test_links_of_pages_outside_the_site(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [
        target for target in targets if not (page.parent / target).exists()
    ] == []
