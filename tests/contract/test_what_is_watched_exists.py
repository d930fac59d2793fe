"""Alerts, dashboard, runbook and the page of metrics name what the code counts, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from threedates.cli.registry import SERVICES
from threedates.edge.metrics import REGISTRY, THE_BROKERS

ROOT = Path(__file__).parents[2]
OBSERVE = ROOT / "deploy" / "observe"
DASHBOARD: dict[str, Any] = json.loads((OBSERVE / "grafana" / "dashboards" / "threedates.json").read_text("utf-8"))
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((OBSERVE / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ADDED = {"job", "instance", "service", "le"}
"""Labels that Prometheus, its configuration, or a histogram puts on."""
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",), "info": ("_info",)}
_EXPRESSIONS = [*(rule["expr"] for rule in RULES), *(t["expr"] for panel in PANELS for t in panel["targets"])]


def known() -> dict[str, set[str]]:
    """The name of every sample there may be, with its labels."""
    found: dict[str, set[str]] = {}
    for registry in (REGISTRY, THE_BROKERS):
        found |= {
            f"{family.name}{suffix}": labels
            for family, labels in _families(registry)
            for suffix in _SUFFIXES[family.type]
        }
    return found


def _families(registry: CollectorRegistry) -> list[tuple[Any, set[str]]]:
    # The library tells the labels of what has not been counted yet nowhere else.
    return [
        (family, set(getattr(collector, "_labelnames", ())))
        for collector in set(registry._collector_to_names)
        for family in collector.collect()
    ]


@pytest.mark.parametrize("expression", _EXPRESSIONS)
def test_an_expression_names_metrics_and_labels_that_exist(expression: str) -> None:
    """A panel that stays empty, and an alert that never fires, look like all is well."""
    metrics = known()
    named = re.findall(r"((?:threedates|process)_\w+)(?:\{([^}]*)\})?", expression)
    assert named
    for name, matchers in named:
        assert name in metrics
        assert set(re.findall(r"(\w+)\s*[=!]~?", matchers)) <= metrics[name] | ADDED
    grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(",")}
    assert grouped <= set().union(*(metrics[name] for name, _ in named)) | ADDED


def test_every_alert_has_an_entry_in_the_runbook_and_every_entry_an_alert() -> None:
    """Whoever is woken at night needs to know what it means and what to do."""
    page = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    entries = {text.partition("\n")[0].strip(): text for text in re.split(r"^## ", page, flags=re.MULTILINE)[1:]}
    assert list(entries) == [rule["alert"] for rule in RULES]
    for name, text in entries.items():
        assert all(f"**{part}**" in text for part in ("Means", "Find out", "Do")), name
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("critical", "warning")


def test_a_service_that_is_missing_is_noticed_whichever_it_is() -> None:
    """What does not answer tells nothing; only its absence does."""
    (missing,) = [rule["expr"] for rule in RULES if rule["alert"] == "ServiceMissing"]
    assert set(re.findall(r'service="(\w+)"', missing)) == set(SERVICES)


def test_every_metric_of_ours_is_on_the_page() -> None:
    """What is not written down is not looked for."""
    page = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    ours = {name.removesuffix("_bucket") for name in known() if name.startswith("threedates_")}
    wanted = {name for name in ours if not name.endswith(("_count", "_sum"))}
    assert set(re.findall(r"^\| `(threedates_\w+)`", page, flags=re.MULTILINE)) == wanted


def test_the_dashboard_reads_from_the_source_that_is_provisioned() -> None:
    """Panels name a data source by its uid; Grafana shows nothing where there is none of it."""
    provisioned = OBSERVE / "grafana" / "provisioning" / "datasources" / "prometheus.yml"
    (source,) = yaml.safe_load(provisioned.read_text("utf-8"))["datasources"]
    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    assert all(panel["title"] and panel["description"] for panel in PANELS)


def test_compose_runs_what_prometheus_asks() -> None:
    """The scraped names are services of the compose file, the port is the one they listen on, and files are there."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    (job,) = yaml.safe_load((OBSERVE / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    (names,) = job["dns_sd_configs"]
    assert set(names["names"]) == set(SERVICES)
    for name in names["names"]:
        listens = compose["services"][name]["environment"]["THREEDATES_METRICS"]
        assert listens == f"0.0.0.0:{names['port']}"
        assert not [port for port in compose["services"][name].get("ports", ()) if str(names["port"]) in port]
    for name in ("prometheus", "grafana"):
        mounts = [volume for volume in compose["services"][name]["volumes"] if volume.startswith("./")]
        assert all((ROOT / mount.partition(":")[0]).exists() for mount in mounts)
