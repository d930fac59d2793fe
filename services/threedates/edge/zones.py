"""Which time-zone database is used: the pinned tzdata package, on every machine, whatever the system has.

Decisions are to be the same bytes wherever they are made; two replicas with different system databases would disagree
about a couple's planning hour in a zone that has just changed its rules.
"""

import zoneinfo

from threedates.schemas.base import zone


def pin_zones() -> None:
    """Take zones from the tzdata package alone, from now on. To be called once, before anything else."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    zone.cache_clear()
