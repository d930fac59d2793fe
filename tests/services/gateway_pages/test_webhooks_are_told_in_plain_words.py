"""Does the page say which of a couple's endpoints do not work and what happens next, without giving a URL away?"""

from datetime import UTC, datetime, timedelta
from typing import Any

from threedates.edge.endpoints import KeptEndpoint
from threedates.gateway.webhookview import WebhookLine, webhook_lines

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def endpoint(owner: str = "c1", **fields: Any) -> KeptEndpoint:
    url = "https://hooks.example.org/services/T0/B0/a-credential"
    return KeptEndpoint(id=f"{owner}_1", owner=owner, url=url, secret="whsec_x", created_at=NOW, **fields)


def line(of: KeptEndpoint) -> WebhookLine:
    (found,) = webhook_lines([of], "c1", "Europe/Berlin", NOW)
    return found


def test_one_that_works_is_named_by_its_host_alone() -> None:
    """The rest of a URL often is a credential."""
    well = line(endpoint())
    assert (well.name, well.state, well.is_in_trouble) == ("hooks.example.org", "well", False)
    assert "credential" not in repr(well)


def test_one_that_fails_is_told_since_when_and_what_follows() -> None:
    """In the partner's own zone."""
    failing = line(endpoint(failing_since=NOW - timedelta(days=2)))
    assert failing.state == "failing"
    assert "since Wednesday, 18 November, 18:00" in failing.told
    assert "switched off Monday, 23 November" in failing.told


def test_a_disabled_one_says_why() -> None:
    """What was switched off by hand is no trouble, but shown."""
    gone, failed, by_hand = (line(endpoint(disabled=why)) for why in ("gone", "failing", "by_hand"))
    assert "wants nothing more" in gone.told
    assert "once a day" in failed.told
    assert (gone.is_in_trouble, failed.is_in_trouble, by_hand.is_in_trouble) == (True, True, False)


def test_the_apps_own_endpoints_are_shown_in_trouble_only_and_without_their_host() -> None:
    """Where an app listens is not the couple's to know; that nothing gets through to it is."""
    app = "key-0123456789ab"
    quiet = [endpoint(app), endpoint(app, disabled="by_hand")]
    assert webhook_lines(quiet, "c1", "Europe/Berlin", NOW) == ()
    failing = line(endpoint(app, failing_since=NOW))
    assert not failing.is_own
    assert "example" not in repr(failing)
