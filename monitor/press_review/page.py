"""A press review as one HTML file that needs nothing beside it. Pure."""

from __future__ import annotations

import base64
import functools

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from monitor.press_review.sheet import Sheet
from monitor.types.press_review import Logo


def to_html(sheet: Sheet) -> bytes:
    """The file, in UTF-8."""
    logo = _data_address(sheet.logo) if sheet.logo else ""
    return _template().render(sheet=sheet, logo=logo).encode("utf-8")


@functools.cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("monitor.press_review"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("review.html")


def _data_address(logo: Logo) -> str:
    return (
        f"data:image/{logo.kind};base64,{base64.b64encode(logo.data).decode()}"
    )
