"""Receive webhooks, each once in effect, dates never backwards. Needs WEBHOOK_SECRET, the endpoint's whsec_… secret."""

import os
import sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

db = sqlite3.connect(os.environ.get("DATABASE", "received.db"), isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)")
db.execute("CREATE TABLE IF NOT EXISTS dates (uid TEXT PRIMARY KEY, sequence INTEGER, status TEXT, start TEXT)")


def handle(event):
    data = event["data"]
    if event["type"].startswith("date."):
        date = data["date"]
        db.execute(
            "INSERT INTO dates VALUES (?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET sequence = excluded.sequence,"
            " status = excluded.status, start = excluded.start WHERE excluded.sequence > dates.sequence",
            (date["uid"], data["sequence"], date["status"], date["start"]),
        )
    print(event["type"], data["title"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = Webhook(os.environ["WEBHOOK_SECRET"]).verify(body, dict(self.headers))
        except (WebhookVerificationError, ValueError):
            self.answer(401)
            return
        with db:  # the id and what it brings are kept together, or not at all
            db.execute("BEGIN IMMEDIATE")
            if db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (self.headers["webhook-id"],)).rowcount:
                handle(event)
        self.answer(204)

    def answer(self, status):
        self.send_response_only(status)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
