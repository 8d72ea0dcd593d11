"""Serves a folder over plain HTTP as any web server does, ranges of bytes included (RFC 9110, section 14), and notes what it was asked for.

    range_server.py FOLDER LOG

Prints its address. Each line of LOG is a request: method, status, number of bytes sent, path, separated by tabs.
"""

import functools
import re
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import unquote

LOCK = Lock()


class Handler(SimpleHTTPRequestHandler):
    """One connection; it stays open, as clients that read ranges expect."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args, log, **kwargs):
        self.log = log
        super().__init__(*args, **kwargs)

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            return self.reply(404, {}, b"", with_body)
        size = file.stat().st_size
        headers = {"Accept-Ranges": "bytes", "Content-Type": self.guess_type(str(file)), "ETag": f'"{size}-{file.stat().st_mtime_ns}"'}
        first, last = self.range_of(size)
        if first is None:
            return self.reply(200, headers, file.read_bytes(), with_body)
        if first > last:
            return self.reply(416, {"Content-Range": f"bytes */{size}"}, b"", with_body)
        with file.open("rb") as content:
            content.seek(first)
            part = content.read(last - first + 1)
        return self.reply(206, {**headers, "Content-Range": f"bytes {first}-{last}/{size}"}, part, with_body)

    def range_of(self, size):
        """First and last byte of the one range that is asked for; (None, None) for the whole file. An empty one cannot be satisfied."""
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if not asked or asked.groups() == ("", ""):
            return None, None
        first, last = asked.groups()
        if not first:
            return max(size - int(last), 0), size - 1
        return int(first), min(int(last or size), size - 1) if int(first) < size else -1

    def reply(self, status, headers, body, with_body):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)
        with LOCK:
            print(self.command, status, len(body) if with_body else 0, unquote(self.path), sep="\t", file=self.log, flush=True)


def main(folder, log):
    with open(log, "w", encoding="utf-8") as lines:
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder, log=lines))
        print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
