"""Where the package's own templates and words of mails lie."""

from __future__ import annotations

from importlib import resources

SHIPPED = resources.files("monitor.notify") / "templates"
