"""An HTTP service that writes down each request as it came, and then lets a vendor answer."""

import base64
import collections
import gzip
import http.server
import json
import os
import sys
import threading
import urllib.parse

Request = collections.namedtuple("Request", "method path query headers body")


def serve(answer, record):
    server = Server(answer, record)
    print(server.server_port, flush=True)
    server.serve_forever()


class Server(http.server.ThreadingHTTPServer):
    """On a port that the system chooses. A connection ends with its client."""

    daemon_threads = True

    def __init__(self, answer, record):
        self.answer = answer
        self.record = open(record, "a", buffering=1)
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    def note(self, handler, body):
        request = {
            "method": handler.command,
            "path": handler.path,
            "headers": [[name.lower(), value] for name, value in handler.headers.items()],
            "body": base64.b64encode(body).decode(),
        }
        with self.lock:
            self.record.write(json.dumps(request) + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def serve(self):
        body = self.body()
        self.server.note(self, body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        request = Request(self.command, url.path, query, headers, body)
        self.reply(*self.server.answer(request))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = serve

    def body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def reply(self, status, body, headers=()):
        """A body that is no bytes is sent as JSON."""
        headers = dict(headers)
        if not isinstance(body, bytes):
            headers.setdefault("content-type", "application/json")
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Its record is enough."""


def as_text(request, before):
    """A noted request without what would let somebody in, and without those header fields that
    are as in the request before."""
    body = base64.b64decode(request["body"])
    lines = [f"{request['method']} {request['path']}"]
    for name, value in request["headers"]:
        if before.get(name) == value:
            continue
        if name in ("authorization", "x-amz-security-token"):
            value = value.split(" ")[0] + " (left out)"
        elif name == "host":
            value = "HOST"
        lines.append(f"{name}: {value}")
    if dict(request["headers"]).get("content-encoding") == "gzip":
        lines.append(f"  ({len(body)} bytes, unpacked:)")
        body = gzip.decompress(body)
    text = body.decode(errors="replace")
    if "\ufffd" in text or "\0" in text:
        text = f"base64 {base64.b64encode(body).decode()}"
    text = text.replace(os.path.abspath(sys.argv[0]), "PROGRAM")
    return "\n".join([*lines, "", text, ""])
