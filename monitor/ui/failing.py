"""One way to fail: what is wrong, what to do, exit code 2."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console

BAD_USE = 2


def fail(message: str, *, hint: str | None = None) -> NoReturn:
    """Say what is wrong and what to do, and end with code 2."""
    console = Console(stderr=True, highlight=False)
    console.print("error:", style="bold red", end=" ")
    console.print(message, markup=False, soft_wrap=True)  # a caret stands under its letter
    if hint:
        console.print(f"hint: {hint}", markup=False, style="yellow", soft_wrap=True)
    raise SystemExit(BAD_USE)
