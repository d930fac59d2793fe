"""Fetching batches without waiting for them to fill.

FastStream's batch subscriber (0.7) collects until the batch is full or its time is up, which delays a lone message by
that time, and its loop dies, losing what it had collected until the acknowledgement times out, when a fetch runs into
the very end of that time. ``fetch`` of nats-py itself returns as soon as anything is there. This subscriber differs
in that one loop; see docs/adr/0004.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, cast

from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber
from nats.errors import Error as NatsError

if TYPE_CHECKING:
    from nats.js import JetStreamContext

logger = logging.getLogger("threedates")
# A pull request that a restarted server has forgotten is asked again after this long.
FETCH_SECONDS = 2.0
PAUSE_SECONDS = 0.5
# One batch is worked on while the next is fetched; never more is taken than can be started.
AT_ONCE = 2


class EagerBatchSubscriber(BatchPullStreamSubscriber):
    """Hands on whatever a fetch returns, at once, two batches at a time."""

    __slots__ = ()

    async def _consume_pull(self) -> None:
        """Fetch until stopped. Trouble with the broker passes: the fetch is tried again, and the log says so once."""
        subscription = cast("JetStreamContext.PullSubscription", self.subscription)
        free = asyncio.Semaphore(AT_ONCE)
        is_failing = False
        async with asyncio.TaskGroup() as working:
            while self.running:
                await free.acquire()
                try:
                    messages = await subscription.fetch(self.pull_sub.batch_size, FETCH_SECONDS)
                    is_failing = False
                except TimeoutError:
                    messages, is_failing = [], False
                except (NatsError, ConnectionError) as error:
                    level = logging.DEBUG if is_failing or not self.running else logging.WARNING
                    logger.log(level, "nothing can be fetched of %s: %r; see threedates doctor", self.subject, error)
                    messages, is_failing = [], True
                    await asyncio.sleep(PAUSE_SECONDS)
                if messages:
                    task = working.create_task(self.consume(messages))
                    task.add_done_callback(lambda _: free.release())
                else:
                    free.release()
