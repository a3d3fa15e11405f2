"""/hilfe: how to search, and what the signs of the query language mean."""

from __future__ import annotations

from flask import Blueprint, render_template

from monitor.ui.web.registry import NavEntry, Page

blueprint = Blueprint("help", __name__)
page = Page(blueprint, NavEntry("Hilfe", "help.show", order=90))


@blueprint.get("/hilfe")
def show() -> str:
    """The page."""
    return render_template("help/page.html")
