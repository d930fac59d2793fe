"""The event loop of the bare alternatives: the one that the services run on, so that ratios compare nothing else."""

import uvloop

run = uvloop.run
