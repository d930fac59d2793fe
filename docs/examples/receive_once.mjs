// Receive webhooks, each once in effect, dates never backwards. Needs WEBHOOK_SECRET, the endpoint's whsec_… secret.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

// One line for each webhook: its id with what it brings. In a database of your own this is a transaction.
const file = process.env.DATABASE ?? "received.jsonl";
const seen = new Set();
const dates = new Map();

function take({ id, date }) {
  seen.add(id);
  if (date && date.sequence > (dates.get(date.uid)?.sequence ?? -1)) dates.set(date.uid, date);
}

function handle(id, { type, data }) {
  const date = type.startsWith("date.") ? { ...data.date, sequence: data.sequence } : undefined;
  appendFileSync(file, `${JSON.stringify({ id, date })}\n`);
  take({ id, date });
  console.log(type, data.title, ...(date ? [dates.get(date.uid).status] : []));
}

if (existsSync(file)) readFileSync(file, "utf8").split("\n").slice(0, -1).forEach((line) => take(JSON.parse(line)));

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  const id = request.headers["webhook-id"];
  let event;
  try {
    event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, request.headers);
  } catch {
    response.writeHead(401).end();
    return;
  }
  if (!seen.has(id)) handle(id, event);
  response.writeHead(204).end();
}).listen(process.env.PORT ?? 9000, "127.0.0.1");
