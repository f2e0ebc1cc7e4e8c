#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A price server on the loopback interface for tests: serve_prices.py FOLDER PORTFILE

/NAME         the file of that name; /gz/NAME: compressed on the way
/page/1..3    the Azure fixture in three pages; /page/away leads to another host
/moved/NAME   redirects to /NAME; /elsewhere redirects to another host; /round to itself
/status/N     answers N; /short: breaks off in the middle
"""
import gzip
import http.server
import json
import os
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send(self, body, code=200, headers=(), length=None):
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def page(self, number):
        with open(os.path.join(sys.argv[1], "azure-prices.json"), encoding="utf-8") as file:
            document = json.load(file)
        items, base = document["Items"], f"http://{self.headers['Host']}"
        if number == "away":
            document["NextPageLink"] = "http://localhost:9/page/2"
        else:
            at = int(number)
            document["Items"] = items[(at - 1) * 3:at * 3]
            document["NextPageLink"] = f"{base}/page/{at + 1}" if at < 3 else None
        self.send(json.dumps(document).encode())

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if parts[0] == "page":
            self.page(parts[1])
        elif parts[0] == "moved":
            self.send(b"", 302, [("Location", "/" + "/".join(parts[1:]))])
        elif parts[0] in ("elsewhere", "round"):
            self.send(b"", 302, [("Location", "http://localhost:9/x" if parts[0] == "elsewhere"
                                  else "/round")])
        elif parts[0] == "status":
            self.send(b"no", int(parts[1]))
        elif parts[0] == "short":
            self.send(b'{"products": {', length=100000)
        else:
            with open(os.path.join(sys.argv[1], parts[-1]), "rb") as file:
                body = file.read()
            if parts[0] == "gz" and "gzip" in self.headers.get("Accept-Encoding", ""):
                self.send(gzip.compress(body), headers=[("Content-Encoding", "gzip")])
            else:
                self.send(body)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(sys.argv[2] + ".tmp", "w", encoding="ascii") as file:
        file.write(str(server.server_port))
    os.rename(sys.argv[2] + ".tmp", sys.argv[2])
    server.serve_forever()


if __name__ == "__main__":
    main()
