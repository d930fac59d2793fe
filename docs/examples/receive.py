"""Receive nudges. Needs WEBHOOK_SECRET, the endpoint's whsec_… secret."""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = Webhook(os.environ["WEBHOOK_SECRET"]).verify(body, dict(self.headers))
            print(event["type"], event["data"]["title"], event["data"]["message"], sep="\n", flush=True)
            self.send_response_only(204)
        except (WebhookVerificationError, ValueError):
            self.send_response_only(401)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
