"""Every metric there is, in this one place, and what is counted where more than one line is needed for it.

Names follow Prometheus's conventions: base units, ``_total`` for what only grows. Labels take few values, all known
beforehand: never a couple's, an endpoint's or a feed's id, nor anything a producer or caller may choose. A process
counts for itself; whoever reads adds up.
"""

from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from threedates.schemas.log import Decision
from threedates.schemas.outcomes import DateOutcome, HoldOutcome, NudgeOutcome, Outcome
from threedates.schemas.webhook import Attempt, Delivery

_LATENESS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
_POST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_REQUEST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

# A series more per counter, to say when it began: Prometheus can tell by itself.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has not typed it
REGISTRY = CollectorRegistry()
"""Ours alone: nothing that a library counts for itself comes in unasked."""
THE_BROKERS = CollectorRegistry()
"""What the broker tells of consumers and streams; only one service asks it."""
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
BUILD = Info("threedates_build", "The version that runs.", registry=REGISTRY)
BUILD.info({"version": version("threedates")})

EVENTS = Counter("threedates_events_total", "Input that intake read.", ["what"], registry=REGISTRY)
REFUSED = Counter(
    "threedates_refused_total",
    "Input that was refused: by intake, which keeps it, or by the gateway, which answers why.",
    ["at", "what", "reason"],
    registry=REGISTRY,
)
APPENDS = Counter(
    "threedates_log_appends_total", "Events appended to couples' logs by intake and cadence.", ["what"],
    registry=REGISTRY,
)  # fmt: skip
CONFLICTS = Counter(
    "threedates_log_conflicts_total",
    "Decisions that lost their compare-and-set, because the log had grown, and were made again.",
    registry=REGISTRY,
)
LOOKS = Counter(
    "threedates_looks_total", "Looks at couples, by what woke them and what came of it.", ["trigger", "result"],
    registry=REGISTRY,
)  # fmt: skip
DECISIONS = Counter(
    "threedates_decisions_total", "Outcomes of decisions, by the rule that came first.", ["outcome", "rule"],
    registry=REGISTRY,
)  # fmt: skip
TIMER_LATENESS = Histogram(
    "threedates_timer_lateness_seconds", "From the instant a couple was to be looked at to the look.",
    buckets=_LATENESS, registry=REGISTRY,
)  # fmt: skip
DELIVERIES = Counter(
    "threedates_deliveries_total", "Delivery attempts, and tasks that needed none, by what became of them.",
    ["outcome", "cause"], registry=REGISTRY,
)  # fmt: skip
DELIVERY_LATENESS = Histogram(
    "threedates_delivery_lateness_seconds",
    "From the decision to the receiver's 2xx; replays are left out.",
    ["attempt"],
    buckets=_LATENESS,
    registry=REGISTRY,
)
POST_SECONDS = Histogram(
    "threedates_webhook_post_seconds", "How long receivers took to answer, or to fail.", buckets=_POST,
    registry=REGISTRY,
)  # fmt: skip
CALENDAR_FETCHES = Counter(
    "threedates_calendar_fetches_total",
    "Fetches of partners' calendars, by what came of them: changed, unchanged, or why not.",
    ["result"],
    registry=REGISTRY,
)
DEFECTS = Counter(
    "threedates_handler_failures_total", "Messages a handler failed on, by the consumer.", ["consumer"],
    registry=REGISTRY,
)  # fmt: skip
GIVEN_BACK = Counter(
    "threedates_given_back_total", "Messages handed back to the broker, to come again, by the consumer.", ["consumer"],
    registry=REGISTRY,
)  # fmt: skip
REQUESTS = Counter(
    "threedates_http_requests_total", "Requests the gateway answered: feeds, pages, action links, the API.",
    ["surface", "status"], registry=REGISTRY,
)  # fmt: skip
REQUEST_SECONDS = Histogram(
    "threedates_http_request_seconds", "How long an answer took, waits that were asked for included.",
    ["surface"], buckets=_REQUEST, registry=REGISTRY,
)  # fmt: skip

BROKER_UP = Gauge("threedates_broker_up", "1 while this process is connected to the broker.", registry=REGISTRY)
HEARTBEAT = Gauge("threedates_heartbeat_up", "1 while due couples are being looked at.", registry=THE_BROKERS)
PENDING = Gauge(
    "threedates_consumer_pending", "Messages a consumer has not been given yet.", ["consumer"],
    registry=THE_BROKERS,
)  # fmt: skip
IN_HAND = Gauge(
    "threedates_consumer_ack_pending", "Messages given out and not acknowledged.", ["consumer"],
    registry=THE_BROKERS,
)  # fmt: skip
OLDEST = Gauge(
    "threedates_consumer_oldest_seconds",
    "Age of the oldest message not acknowledged, 0 where there is none.",
    ["consumer"],
    registry=THE_BROKERS,
)
STORED = Gauge("threedates_stream_messages", "Messages in a stream.", ["stream"], registry=THE_BROKERS)
STORED_BYTES = Gauge("threedates_stream_bytes", "Bytes of a stream.", ["stream"], registry=THE_BROKERS)


def begin_at_nought(consumer: str) -> None:
    """Have what counts trouble with a consumer exist before there is any: what appears as 1 has not grown."""
    DEFECTS.labels(consumer)
    GIVEN_BACK.labels(consumer)


def decided(decision: Decision) -> None:
    """A decision was appended."""
    APPENDS.labels("decision").inc()
    for outcome in decision.outcomes:
        DECISIONS.labels(outcome.type, _rule(outcome)).inc()


def _rule(outcome: Outcome) -> str:
    match outcome:
        case DateOutcome() | NudgeOutcome():
            return outcome.because[0].rule if outcome.because else "none"
        case HoldOutcome():
            return outcome.reason
        case _:
            return "pause_over"


def attempted(task: Delivery, attempt: Attempt) -> None:
    """A delivery was attempted, or found to need no attempt."""
    DELIVERIES.labels(attempt.outcome, _cause(attempt)).inc()
    if attempt.latency_ms is not None:
        POST_SECONDS.observe(attempt.latency_ms / 1000)
    if attempt.outcome == "delivered" and not task.replayed:
        late = (attempt.at - task.first_at).total_seconds()
        DELIVERY_LATENESS.labels("first" if task.attempt == 1 else "again").observe(max(0.0, late))


def _cause(attempt: Attempt) -> str:
    if attempt.outcome == "dropped":
        return attempt.error or "none"  # a DropReason or why a mail is moot: few words
    if attempt.outcome == "held":
        return "quiet_hours"
    if attempt.status is not None:
        return f"{attempt.status // 100}xx"
    return "disabled" if attempt.error == "endpoint disabled" else "no_answer"
