"""What starts the embedded server of ``threedates up`` and keeps it there: whoever else ends it, it is started again.

In: the running server and the event that stops the command. The services wait for their connection meanwhile and go
on by themselves; where the server cannot be started again, the command ends and says why.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from threedates.edge.embedded import EmbeddedNats

logger = logging.getLogger("threedates")
LOOK_SECONDS = 0.5


async def started(nats: EmbeddedNats, stop: asyncio.Event) -> bool:
    """Start the server; False where the command is stopped meanwhile, for with much data it may take minutes.

    Raises EmbeddedNatsError.
    """
    starting, stopping = asyncio.create_task(nats.start()), asyncio.create_task(stop.wait())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    is_stopped = not starting.done()
    (starting if is_stopped else stopping).cancel()
    with suppress(asyncio.CancelledError):
        await starting
    return not is_stopped


@asynccontextmanager
async def kept(nats: EmbeddedNats, stop: asyncio.Event) -> AsyncIterator[None]:
    """Within, the server is started again whenever it has ended.

    Raises EmbeddedNatsError at the end where that was not possible; ``stop`` is set then.
    """
    keeping = asyncio.create_task(_keep(nats))
    keeping.add_done_callback(lambda _: stop.set())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _keep(nats: EmbeddedNats) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if not nats.running:
            logger.warning("the NATS server has ended; starting it again (its log: %s)", nats.log_file)
            await nats.restart()
            logger.warning("the NATS server is back")
