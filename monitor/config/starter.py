"""The feeds.yaml to start with: the project's own, which the installed package
carries.
"""

from __future__ import annotations

from pathlib import Path


def starter_file() -> Path:
    """Where it lies: in the package, or at the top of a checkout."""
    packed = Path(__file__).parents[1] / "_feeds.yaml"
    return (
        packed
        if packed.is_file()
        else Path(__file__).parents[2] / "feeds.yaml"
    )
