"""The leader is cut off: a program for a network of its own, see ``network.apart``. Its last line is what came of it.

In: a directory, how many couples fall due within how many seconds, how long to wait for their nudges, and the services.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.e2e.faults import Survived, leader_is_cut_off, survive
from tests.e2e.network import Network
from tests.e2e.nodes import NODES


def told(line: str) -> Survived:
    """What the last line says."""
    return Survived(**json.loads(line))


async def main(directory: str, couples: str, seconds: str, patience: str, *services: str) -> None:
    """Let it happen. Raises TimeoutError where a nudge has not come."""
    network, faults = Network(NODES), [leader_is_cut_off]
    survived = await survive(
        Path(directory), int(couples), float(seconds), print, float(patience), faults, network, services
    )
    sys.stdout.write(json.dumps(asdict(survived)) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
