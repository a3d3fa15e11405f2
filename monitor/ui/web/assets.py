"""The stylesheet, the scripts and the icon: read once, named by content, kept
by browsers for ever.

`style.css` of this folder and those of the pages make one sheet. A script is
any `.js` in them, a picture any `.svg`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

SHEET = "monitor.css"
_YEAR = 31_536_000  # seconds
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SERVED_AS_THEY_ARE = ("*.js", "*.svg")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    served_as: str
    body: bytes
    kind: str


def read_assets(folders: Sequence[Path]) -> dict[str, Asset]:
    """The assets of these folders by the names that templates use."""
    sheets = [folder / "style.css" for folder in folders]
    style = b"\n".join(
        sheet.read_bytes() for sheet in sheets if sheet.exists()
    )
    found = {SHEET: _named(SHEET, style)}
    for folder in folders:
        files = [
            file
            for kind in _SERVED_AS_THEY_ARE
            for file in sorted(folder.glob(kind))
        ]
        for file in files:
            assert file.name not in found, f"two files are called {file.name}"
            found[file.name] = _named(file.name, file.read_bytes())
    return found


def _named(name: str, body: bytes) -> Asset:
    stem, dot, ending = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{stem}.{digest}{dot}{ending}", body, _KINDS[dot + ending])


def asset_routes(assets: Mapping[str, Asset]) -> Blueprint:
    """Serves them; what was named otherwise yesterday is not there any more."""
    blueprint = Blueprint("assets", __name__)
    served = {asset.served_as: asset for asset in assets.values()}

    @blueprint.get("/static/<name>")
    def static(name: str) -> Response:
        asset = served.get(name) or abort(404)
        response = Response(asset.body, content_type=asset.kind)
        response.headers["Cache-Control"] = (
            f"public, max-age={_YEAR}, immutable"
        )
        return response

    @blueprint.app_template_global()
    def asset_url(name: str) -> str:
        return url_for("assets.static", name=assets[name].served_as)

    return blueprint
