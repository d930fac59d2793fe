"""What of an endpoint the schema cannot check: whether its URL may be reached, whose partners it names, its secret."""

from threedates.core.addresses import Rules, url_refusal
from threedates.core.signing import secret_bytes
from threedates.core.state import CoupleState
from threedates.edge.settings import Settings
from threedates.gateway.problems import Problem


def check_url(settings: Settings, url: str) -> None:
    """Refuse a URL no webhook may go to. What its name resolves to is judged when it is dialled. Raises Problem."""
    refusal = url_refusal(url, Rules(settings.allow_networks, settings.allow_ports))
    if refusal is not None:
        raise Problem("invalid", f"url: {refusal}", "url")


def check_partners(names: tuple[str, ...] | None, couple: CoupleState | None) -> None:
    """Refuse names that are nobody's. An endpoint for all couples of a key (None) may name anybody. Raises Problem."""
    for n, name in enumerate(names or ()):
        if couple is not None and couple.settings.partner(name) is None:
            first, second = couple.settings.names
            raise Problem("unknown_partner", f"partners must be among {first} and {second}", f"partners.{n}")


def check_secret(secret: str | None) -> None:
    """Refuse a secret that cannot sign, without repeating it. Raises Problem."""
    if secret is None:
        return
    try:
        secret_bytes(secret)
    except ValueError as error:
        raise Problem("invalid", f"secret: {error}", "secret") from error
