"""A press review as one HTML file that needs nothing beside it. Pure."""

from __future__ import annotations

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.press_review.sheet import Sheet
from monitor.types.press_review import Logo


def to_html(sheet: Sheet) -> bytes:
    """The file, in UTF-8."""
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("monitor.press_review"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("review.html")
    logo = _data_address(sheet.logo) if sheet.logo else ""
    return template.render(sheet=sheet, logo=logo).encode("utf-8")


def _data_address(logo: Logo) -> str:
    return f"data:image/{logo.kind};base64,{base64.b64encode(logo.data).decode()}"
