# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays EC2's instance metadata service, version 2, on a free port that it writes to a file.

metadata_server.py PORT_FILE LOG
"""
import http.server
import os
import sys

TOKEN = "dG9rZW4="
ANSWERS = {
    "/latest/meta-data/instance-id": "i-0fedcba9876543210",
    "/latest/meta-data/instance-type": "m5.xlarge",
    "/latest/meta-data/placement/availability-zone": "eu-central-1b",
}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, text):
        with open(sys.argv[2], "a", encoding="ascii") as log:
            print(self.command, self.path, status, file=log)
        body = text.encode("ascii")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        lives = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        good = self.path == "/latest/api/token" and lives.isdigit() and 1 <= int(lives) <= 21600
        self.answer(200 if good else 400, TOKEN if good else "")

    def do_GET(self):
        if self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            self.answer(401, "")
        else:
            self.answer(200 if self.path in ANSWERS else 404, ANSWERS.get(self.path, ""))

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w", encoding="ascii") as port:
    port.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
