"""The address of a partner's page as it holds at the moment: whoever shows one asks here, so that none has ended."""

from threedates.core.links import page_token
from threedates.core.state import CoupleState
from threedates.edge.settings import Settings


def page_token_of(settings: Settings, state: CoupleState, partner: int) -> str:
    """The token of the page of a partner (0 or 1)."""
    return page_token(settings.link_key, state.couple_id, partner, state.pages[partner])
