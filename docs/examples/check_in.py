"""Send a check-in of alex's to the couple named on the command line, as any NATS client can."""

import asyncio
import json
import sys
from datetime import datetime, timezone

import nats


async def main(couple):
    client = await nats.connect("nats://127.0.0.1:4222")
    now = datetime.now(timezone.utc)
    check_in = {"id": f"alex-{now:%Y%m%dT%H%M%S}", "partner": "alex", "at": now.isoformat(), "mood": 4, "did": ["walk"]}
    kept = await client.jetstream().publish(f"threedates.in.checkin.{couple}", json.dumps(check_in).encode())
    print(f"kept as number {kept.seq} of {kept.stream}")
    await client.close()


asyncio.run(main(sys.argv[1]))
