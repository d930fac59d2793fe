"""What of an endpoint the schema cannot check: its URL, format and headers, whose partners it names, its secret."""

from threedates.core.addresses import Rules, url_refusal
from threedates.core.custom_headers import header_refusal
from threedates.core.formats import FORMATS
from threedates.core.signing import secret_bytes
from threedates.core.state import CoupleState
from threedates.edge.settings import Settings
from threedates.gateway.problems import Problem


def check_url(settings: Settings, url: str) -> None:
    """Refuse a URL no webhook may go to. What its name resolves to is judged when it is dialled. Raises Problem."""
    refusal = url_refusal(url, Rules(settings.allow_networks, settings.allow_ports))
    if refusal is not None:
        raise Problem("invalid", f"url: {refusal}", "url")


def check_format(name: str) -> None:
    """Refuse a format there is not. Raises Problem."""
    if name not in FORMATS:
        raise Problem("invalid", f"format must be one of {', '.join(sorted(FORMATS))}", "format")


def check_headers(headers: dict[str, str]) -> None:
    """Refuse headers that are not the owner's to set; values are not repeated. Raises Problem."""
    for name, value in headers.items():
        refusal = header_refusal(name, value)
        if refusal is not None:
            raise Problem("invalid", f"headers: {refusal}", f"headers.{name[:64]}")
    if len({name.lower() for name in headers}) < len(headers):
        raise Problem("invalid", "headers: a name may be there once, in whatever case", "headers")


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
