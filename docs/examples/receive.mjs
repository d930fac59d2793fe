// Receive nudges. Needs WEBHOOK_SECRET, the endpoint's whsec_… secret.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  try {
    const event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, request.headers);
    console.log([event.type, event.data.title, event.data.message].join("\n"));
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
}).listen(process.env.PORT ?? 9000, "127.0.0.1");
