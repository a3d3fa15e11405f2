"""A `feeds.yaml` in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.files import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "feeds.yaml"
        path.write_bytes(
            content.encode() if isinstance(content, str) else content
        )
        return path

    return to_file
