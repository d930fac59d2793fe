"""What every route of the gateway works with, made once by ``app.py`` and handed on by argument."""

from dataclasses import dataclass

from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire
from threedates.gateway.inbox import Inbox


@dataclass(frozen=True, slots=True)
class Deps:
    """The gateway's tools: settings, the broker, couples' states, the way in, and the clock."""

    settings: Settings
    wire: Wire
    couples: Couples
    inbox: Inbox
    clock: Clock
