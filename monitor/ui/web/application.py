"""Puts the web page together: pages, API, assets, words, access. Knows none of
them by name.
"""

from __future__ import annotations

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined

from monitor.ui.web.access import set_up_access
from monitor.ui.web.assets import asset_routes, read_assets
from monitor.ui.web.failures import set_up_failures
from monitor.ui.web.formatting import set_up_formats
from monitor.ui.web.mail_links.routes import blueprint as mail_links
from monitor.ui.web.openapi import api_routes
from monitor.ui.web.registry import (
    FOLDER,
    find_endpoints,
    find_pages,
    page_folders,
)
from monitor.ui.web.response_headers import add_headers
from monitor.ui.web.server import LARGEST_BODY
from monitor.ui.web.topic_names import set_up_topic_names
from monitor.ui.web.web_kit import EXTENSION, WebKit
from monitor.ui.web.wording import set_up_words

MOST_FIELDS = 1_000


def make_application(of: WebKit) -> Flask:
    """The WSGI application. Thread-safe."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    # Redirects that werkzeug makes by itself would name whatever host the
    # request names.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.extensions[EXTENSION] = of
    pages, folders = find_pages(), page_folders()
    # `layout.html` and other common ones by their names, a page's as
    # `search/page.html`.
    app.jinja_loader = FileSystemLoader(
        [FOLDER / "templates", FOLDER / "pages"]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    set_up_words(app, folders)
    set_up_formats(app)
    set_up_topic_names(app)
    set_up_access(app, pages)
    set_up_failures(app)
    app.after_request(add_headers)
    app.register_blueprint(asset_routes(read_assets(folders)))
    app.register_blueprint(api_routes(find_endpoints()))
    for page in pages:
        app.register_blueprint(page.blueprint)
    if of.mail_links is not None:
        app.register_blueprint(mail_links)
    return app
