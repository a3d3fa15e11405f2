"""What every answer says to browsers, proxies and search engines, unless it
says otherwise itself.

Nothing inline runs and nothing comes from elsewhere (CSP level 3); no page is
kept; no other site may frame, open or read one.
"""

from __future__ import annotations

from flask import Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    # Other sites learn nothing. "no-referrer" would make browsers send our own
    # forms with "Origin: null" (Fetch standard), which looks like another
    # site's.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def add_headers(response: Response) -> Response:
    """The answer with the headers that it lacks."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
