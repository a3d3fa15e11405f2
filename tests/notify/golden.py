"""Writes the golden mails anew: `python -m tests.notify.golden`. Look at what
changed before it is committed.
"""

from __future__ import annotations

from pathlib import Path

from monitor.notify.mail.templates_render import Templates
from tests.notify.samples import GOLDEN, part

FOLDER = Path(__file__).parents[1] / "data" / "mail"


def main() -> None:
    """One .eml, .html and .txt per mail."""
    templates = Templates()
    for name, compose in GOLDEN.items():
        email = compose(templates)
        (FOLDER / f"{name}.eml").write_bytes(email.raw)
        (FOLDER / f"{name}.html").write_text(part(email, "html"), "utf-8")
        (FOLDER / f"{name}.txt").write_text(part(email, "plain"), "utf-8")


if __name__ == "__main__":
    main()
