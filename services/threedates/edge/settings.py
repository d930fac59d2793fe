"""Settings: environment variables ``THREEDATES_*``, read once at the edge and passed on as one frozen object.

A secret may come from a file instead: ``THREEDATES_SECRET_KEY_FILE=/run/secrets/key`` sets ``THREEDATES_SECRET_KEY``.
"""

import os
import re
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from threedates.core.mail.addresses import sender
from threedates.edge.apikeys import ApiKey, read_keys
from threedates.edge.errors import Misconfigured
from threedates.edge.mailserver import MailServer, read_mail_server
from threedates.schemas.subjects import DEFAULT_PREFIX, Names

ENV_PREFIX = "THREEDATES_"
MIN_SECRET_BYTES = 16
_NATS_URL = re.compile(r"((nats|tls|ws|wss)://)?[^\s/]+/?")


class Settings(BaseSettings):
    """All settings with their defaults; ``threedates settings`` lists them."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")

    nats_url: str = Field(default="nats://127.0.0.1:4222", description="where the NATS server listens")
    nats_nkey: SecretStr = Field(default=SecretStr(""), description="seed of the NATS user to connect as, SU…")
    nats_tls_ca: str = Field(default="", description="file of the certificates that vouch for the NATS server's")
    nats_tls_cert: str = Field(default="", description="file of the certificate to show to the NATS server")
    nats_tls_key: str = Field(default="", description="file of that certificate's key, where it is not in the same")
    prefix: str = Field(
        default=DEFAULT_PREFIX, pattern=r"^[a-z][a-z0-9_]{0,31}$", description="first token of every subject"
    )
    http: str = Field(default="127.0.0.1:8080", description="HOST:PORT the gateway listens on")
    public_url: str = Field(default="", description="base URL people reach the gateway at; default http://<http>")
    api_keys: SecretStr = Field(default=SecretStr(""), description="bearer keys for /v1, or their hashes, with scopes")
    secret_key: SecretStr = Field(default=SecretStr(""), description="signs feed, page and action links")
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="private networks webhooks and calendar fetches may reach, separated by commas"
    )
    allow_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(80, 443, 8080, 8443),
        description="ports webhooks and calendar fetches may reach elsewhere",
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="mail server, smtp://user:pass@host:587; without it no mail is sent",
    )
    mail_from: str = Field(default="", description="sender of mails and ORGANIZER of invites")
    replicas: int = Field(default=1, ge=1, le=5, description="copies of each stream: 1 embedded, 3 on a cluster")
    storage: Literal["file", "memory"] = Field(default="file", description="where streams are kept")
    keep_days: int = Field(
        default=30, ge=1, le=3650, description="days refused input, attempts and dead letters are kept"
    )
    ack_wait: float = Field(default=30, ge=1, le=600, description="seconds until unacknowledged work is given again")
    webhook_timeout: float = Field(default=20, ge=0.1, le=120, description="seconds one delivery attempt may take")
    in_flight: int = Field(
        default=128,
        ge=1,
        le=4096,
        description="quick deliveries one nudges process has under way, and as many slow ones",
    )
    heartbeat: float = Field(
        default=300,
        ge=1,
        le=86_400,
        description="seconds a couple may wait for a look before doctor and /readyz say so",
    )
    metrics: str = Field(
        default="", description="HOST:PORT a process gives its /metrics, /healthz and /readyz at, to whoever asks"
    )
    metrics_key: SecretStr = Field(
        default=SecretStr(""), description="bearer key for the gateway's /metrics; default any of those for /v1"
    )
    calendar_interval: float = Field(
        default=3600,
        ge=1,
        le=86_400,
        description="seconds between two fetches of a partner's calendar that names none itself",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="least level logged")
    log_format: Literal["text", "json"] = Field(
        default="text", description="a line of text per record, or a JSON object per line"
    )

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())

    @field_validator("allow_ports", mode="before")
    @classmethod
    def _ports(cls, value: object) -> object:
        return tuple(int(part) for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("api_keys")
    @classmethod
    def _readable(cls, value: SecretStr) -> SecretStr:
        read_keys(value.get_secret_value())
        return value

    @field_validator("nats_url")
    @classmethod
    def _server(cls, value: str) -> str:
        if not _NATS_URL.fullmatch(value):
            raise ValueError("it must be the address of a NATS server, such as nats://127.0.0.1:4222")
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with https:// or http://, such as https://dates.example.org")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            read_mail_server(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value:
            sender(value)
        return value

    @model_validator(mode="after")
    def _mails_have_a_sender(self) -> Self:
        if self.smtp_url.get_secret_value() and not self.mail_from:
            raise ValueError(f"{ENV_PREFIX}SMTP_URL needs {ENV_PREFIX}MAIL_FROM, the address that mails come from")
        return self

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """From the environment, secrets from ``*_FILE`` where set; overrides win. Raises Misconfigured."""
        try:
            return cls(**{**_from_files(), **overrides})  # type: ignore[arg-type]  # validated by pydantic
        except ValidationError as error:
            raise Misconfigured("settings are wrong: " + "; ".join(map(_told, error.errors()))) from None

    @property
    def names(self) -> Names:
        """Subjects and streams under this prefix."""
        return Names(self.prefix)

    @cached_property
    def base_url(self) -> str:
        """The public URL without a trailing slash."""
        return (self.public_url or f"http://{self.http}").rstrip("/")

    @cached_property
    def mail_server(self) -> MailServer | None:
        """Where mails are handed in; None where no mail is sent."""
        url = self.smtp_url.get_secret_value()
        return read_mail_server(url) if url else None

    @cached_property
    def keys(self) -> tuple[ApiKey, ...]:
        """The API keys."""
        return read_keys(self.api_keys.get_secret_value())

    @cached_property
    def link_key(self) -> bytes:
        """The key links are signed with. Raises Misconfigured where it is missing or short."""
        key = self.secret_key.get_secret_value().encode()
        if len(key) < MIN_SECRET_BYTES:
            raise Misconfigured(
                f"{ENV_PREFIX}SECRET_KEY is missing or shorter than {MIN_SECRET_BYTES} bytes; "
                "set it to a random value, such as the output of: openssl rand -hex 32"
            )
        return key


def _told(error: ErrorDetails) -> str:
    what = error["msg"].removeprefix("Value error, ")
    # What is wrong between two settings names both itself.
    return f"{ENV_PREFIX}{str(error['loc'][0]).upper()}: {what}" if error["loc"] else what


def _from_files() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = f"{ENV_PREFIX}{name.upper()}_FILE"
        if path := os.environ.get(variable):
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise Misconfigured(f"{variable} names {path}, which cannot be read: {error.strerror}") from error
    return found
