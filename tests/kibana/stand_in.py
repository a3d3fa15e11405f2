"""What answers as Kibana's import does: a server on the loopback interface
that keeps what it takes.

There is no Kibana here. It checks a request as Kibana's routes do
(src/core/packages/saved-objects/server-internal, routes/import.ts, export.ts
and delete.ts, and the xsrf check before every route): the header, the space,
who asks, the form, the file's ending, the objects' rules of `schema`, and
their references.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.kibana import schema

Json = dict[str, Any]


class StandIn:
    """What it holds, and how it behaves; a test changes it while it runs."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.version = "9.2.0"
        self.spaces: dict[str, dict[tuple[str, str], Json]] = {
            "default": {},
            "presse": {},
        }
        self.authorization: str | None = None
        self.may_read = self.may_write = True
        self.redirect: str | None = None
        self.says: bytes | None = None
        self.unseen: dict[tuple[str, str], Json] = {}
        self.may_see_spaces = True
        self.imports = 0

    def basic(self, user: str, password: str) -> None:
        """From now on only this user is let in."""
        self.authorization = (
            "Basic " + b64encode(f"{user}:{password}".encode()).decode()
        )

    def answer(
        self, method: str, target: str, headers: Any, body: bytes
    ) -> tuple[int, Json | bytes]:
        parts = urlsplit(target)
        found = re.fullmatch(r"(?:/s/([a-z0-9_-]+))?(/api/.*)", parts.path)
        if self.redirect:
            return 302, b""
        if self.says is not None:
            return 200, self.says
        if found is None:
            return 404, b"<html>not found</html>"
        space, path = found[1] or "default", found[2]
        if (
            self.authorization
            and headers.get("authorization") != self.authorization
        ):
            return _no(
                401,
                "Unauthorized",
                "missing authentication credentials for REST request",
            )
        if named := re.fullmatch(r"/api/spaces/space/([a-z0-9_-]+)", path):
            return self._space(named[1])
        # Kibana 8.12 takes whatever is sent to a space that nobody made.
        kept = self.spaces.get(space, self.unseen)
        if (method, path) == ("GET", "/api/status"):
            return 200, {
                "version": {"number": self.version},
                "status": {"overall": {"level": "available"}},
            }
        if not headers.get("kbn-xsrf"):
            return _no(
                400, "Bad Request", "Request must contain a kbn-xsrf header."
            )
        if (method, path) == ("POST", "/api/saved_objects/_export"):
            return self._export(kept, headers.get("content-type", ""), body)
        if method == "DELETE" and (
            named := re.fullmatch(r"/api/saved_objects/([\w-]+)/([^/]+)", path)
        ):
            return self._delete(kept, (named[1], unquote(named[2])))
        if (method, path) != ("POST", "/api/saved_objects/_import"):
            return _no(404, "Not Found", "Not Found")
        if not self.may_write:
            return _no(
                403,
                "Forbidden",
                "Unable to bulk_create dashboard,index-pattern,search",
            )
        self.imports += 1
        return self._import(
            kept, parse_qs(parts.query), headers.get("content-type", ""), body
        )

    def _space(self, name: str) -> tuple[int, Json]:
        if not self.may_see_spaces:
            return _no(403, "Forbidden", f"Unauthorized to get {name} space")
        if name not in self.spaces:
            return _no(404, "Not Found", "Not Found")
        return 200, {"id": name, "name": name.title(), "disabledFeatures": []}

    def _export(
        self, kept: dict[tuple[str, str], Json], kind: str, body: bytes
    ) -> tuple[int, Json | bytes]:
        asked = json.loads(body)
        if kind != "application/json" or set(asked) - {
            "type",
            "objects",
            "excludeExportDetails",
        }:
            return _no(
                400,
                "Bad Request",
                "[request body]: definition for this key is missing",
            )
        if not self.may_read:
            return _no(403, "Forbidden", "Unable to find dashboard,search")
        found = [
            one for (type_, _), one in kept.items() if type_ in asked["type"]
        ]
        return 200, "\n".join(json.dumps(one) for one in found).encode()

    def _delete(
        self, kept: dict[tuple[str, str], Json], key: tuple[str, str]
    ) -> tuple[int, Json]:
        if not self.may_write:
            return _no(403, "Forbidden", f"Unable to delete {key[0]}")
        if key not in kept:
            return _no(
                404, "Not Found", f"Saved object [{'/'.join(key)}] not found"
            )
        del kept[key]
        return 200, {}

    def _import(
        self,
        kept: dict[tuple[str, str], Json],
        query: Any,
        kind: str,
        body: bytes,
    ) -> tuple[int, Json]:
        form = message_from_bytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP
        )
        files = list(form.iter_parts()) if form.is_multipart() else []
        if [
            part.get_param("name", header="content-disposition")
            for part in files
        ] != ["file"]:
            return _no(
                400,
                "Bad Request",
                "[request body.file]: expected value of type [Stream]",
            )
        (file,) = files
        if not str(file.get_filename()).endswith(".ndjson"):
            return _no(
                400,
                "Bad Request",
                f"Invalid file extension {file.get_filename()}",
            )
        objects = [
            json.loads(line)
            for line in file.get_payload(decode=True).decode().splitlines()
            if line.strip()
        ]
        here = {(one["type"], one["id"]) for one in objects} | kept.keys()
        errors = []
        for one in objects:
            missing = [
                ref
                for ref in one["references"]
                if (ref["type"], ref["id"]) not in here
            ]
            problems = schema.problems(one)
            if missing:
                error: Json = {
                    "type": "missing_references",
                    "references": missing,
                }
            elif problems:
                error = {
                    "type": "unknown",
                    "statusCode": 400,
                    "message": "; ".join(problems),
                }
            elif (one["type"], one["id"]) in kept and query.get(
                "overwrite"
            ) != ["true"]:
                error = {"type": "conflict"}
            else:
                continue
            errors.append(
                {"type": one["type"], "id": one["id"], "error": error}
            )
        if not errors:
            kept.update({(one["type"], one["id"]): one for one in objects})
        answer: Json = {
            "success": not errors,
            "successCount": len(objects) - len(errors),
            "warnings": [],
        }
        return 200, answer | ({"errors": errors} if errors else {})


def _no(status: int, error: str, message: str) -> tuple[int, Json]:
    return status, {"statusCode": status, "error": error, "message": message}


@contextmanager
def stand_in(context: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """One that runs for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, found = kibana.answer(
                self.command, self.path, self.headers, body
            )
            content = (
                found
                if isinstance(found, bytes)
                else json.dumps(found).encode()
            )
            self.send_response(status)
            if kibana.redirect:
                self.send_header("location", kibana.redirect)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Tests look at answers, not at logs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    kibana = StandIn(
        f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    )
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    try:
        yield kibana
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
