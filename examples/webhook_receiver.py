#!/usr/bin/env python3
"""A receiver of events (事件推送接收示例): checks the signature, takes every event once, answers quickly.

Python 3.8 or later, nothing else (its hashlib must know SM3, as with OpenSSL 1.1.1 and later). The rule of the signature stands in
docs/webhooks.md.

    YINXIN_WEBHOOK_SECRET=... python3 webhook_receiver.py --port 9000

Secrets are named by their number when there are several, as after a rotation: YINXIN_WEBHOOK_SECRET_2=...
Every event taken is printed as one line of JSON. --seen keeps the identifiers of events in a file, so that an event that comes twice, even
after a restart, is taken once. Put it behind a proxy that does TLS.
"""

import argparse
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# An event is a few hundred bytes.
LONGEST = 64 * 1024
# How far the clocks of both sides may differ, seconds.
WINDOW = 300


def secrets():
    """Secrets by their number: the text behind the slash of Yinxin-Key."""
    known = {}
    for name, value in os.environ.items():
        if name == "YINXIN_WEBHOOK_SECRET":
            known.setdefault("1", value)
        elif name.startswith("YINXIN_WEBHOOK_SECRET_"):
            known[name.rsplit("_", 1)[1]] = value
    return known


def fault(headers, body, known, now):
    """Why a request is not believed; None where it is."""
    event, stamp = headers.get("Yinxin-Event", ""), headers.get("Yinxin-Timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > WINDOW:
        return "timestamp"
    secret = known.get(headers.get("Yinxin-Key", "").rpartition("/")[2])
    if secret is None:
        return "key"
    text = b"YINXIN1-EVENT." + stamp.encode() + b"." + event.encode() + b"." + body
    expected = "hmac-sm3=" + hmac.new(secret.encode(), text, "sm3").hexdigest()
    if not hmac.compare_digest(expected.encode(), headers.get("Yinxin-Signature", "").encode()):
        return "signature"
    return None


class Seen:
    """Identifiers of events taken; in a file, so that a restart forgets none."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a+", encoding="ascii") if path else None
        self.ids = set()
        if self.file:
            self.file.seek(0)
            self.ids.update(self.file.read().split())

    def take(self, event, use):
        """Calls `use` for an event not taken before, and notes it only then: an event is rather taken twice than lost."""
        with self.lock:
            if event in self.ids:
                return False
            use()
            self.ids.add(event)
            if self.file:
                self.file.write(event + "\n")
                self.file.flush()
                os.fsync(self.file.fileno())
            return True


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LONGEST:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(int(length))
        now = self.server.fixed or time.time()
        why = fault(self.headers, body, self.server.secrets, now)
        if why:
            print("refused:", why, file=sys.stderr, flush=True)
            # Tried again later: a secret may be on its way.
            return self.answer(401)
        event = json.loads(body)
        if event["id"] != self.headers["Yinxin-Event"]:
            return self.answer(400)
        # Here your own work begins. Keep it short: the sender waits for the answer.
        new = self.server.seen.take(event["id"], lambda: print(json.dumps(event, ensure_ascii=False), flush=True))
        if not new:
            print("again:", event["id"], file=sys.stderr, flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=9000, help="0: any, printed on standard error")
    arguments.add_argument("--seen", help="file of the identifiers of events taken")
    arguments.add_argument("--now", type=int, help="seconds since 1970 instead of the clock's: for trials only")
    chosen = arguments.parse_args()
    server = ThreadingHTTPServer((chosen.host, chosen.port), Receiver)
    server.secrets, server.seen, server.fixed = secrets(), Seen(chosen.seen), chosen.now
    if not server.secrets:
        sys.exit("YINXIN_WEBHOOK_SECRET is not set")
    print("listening on %d" % server.server_address[1], file=sys.stderr, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
