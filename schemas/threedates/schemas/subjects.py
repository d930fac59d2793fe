"""Every subject, stream, consumer and bucket name, in one place; all begin with one prefix, which is settable.

The names under the default prefix ``threedates`` are public: other people's code depends on them.
"""

from dataclasses import dataclass

from threedates.schemas.inbound import What

DEFAULT_PREFIX = "threedates"
NOBODY = "_"
"""Stands for the couple in a subject where none could be read."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names under one prefix. Streams and buckets take it in upper case, joined with ``_``."""

    prefix: str = DEFAULT_PREFIX

    def stream(self, name: str) -> str:
        """A stream's name, such as THREEDATES_LOG."""
        return f"{self.prefix.upper()}_{name}"

    @property
    def inbox(self) -> str:
        """The stream of what producers send."""
        return self.stream("INBOX")

    @property
    def log(self) -> str:
        """The stream of all couples' logs."""
        return self.stream("LOG")

    @property
    def timers(self) -> str:
        """The stream of schedules and of what they fire."""
        return self.stream("TIMERS")

    @property
    def deliveries(self) -> str:
        """The stream of delivery tasks and of their scheduled retries."""
        return self.stream("DELIVERIES")

    @property
    def polls(self) -> str:
        """The stream of the schedules by which calendars are fetched, and of what they fire."""
        return self.stream("POLLS")

    @property
    def rejected(self) -> str:
        """The stream of refused input."""
        return self.stream("REJECTED")

    @property
    def attempts(self) -> str:
        """The stream of delivery attempts."""
        return self.stream("ATTEMPTS")

    @property
    def dead(self) -> str:
        """The stream of dead letters."""
        return self.stream("DEAD")

    def bucket(self, name: str) -> str:
        """A key-value bucket's name, such as THREEDATES_SNAPSHOTS."""
        return f"{self.prefix.upper()}_{name}"

    def bucket_stream(self, name: str) -> str:
        """The stream behind a bucket."""
        return f"KV_{self.bucket(name)}"

    def bucket_subject(self, name: str, key: str) -> str:
        """The subject of one key of a bucket."""
        return f"$KV.{self.bucket(name)}.{key}"

    def inbound(self, what: What, couple_id: str) -> str:
        """Where a couple's check-ins, calendar events or commands are sent."""
        return f"{self.prefix}.in.{what}.{couple_id}"

    def fact(self, couple_id: str) -> str:
        """A couple's facts in the log."""
        return f"{self.prefix}.log.{couple_id}.fact"

    def decision(self, couple_id: str) -> str:
        """A couple's decisions in the log."""
        return f"{self.prefix}.log.{couple_id}.decision"

    def tree(self, couple_id: str) -> str:
        """A couple's whole log: the subject every compare-and-set goes by."""
        return f"{self.prefix}.log.{couple_id}.>"

    def timer(self, couple_id: str) -> str:
        """A couple's one schedule."""
        return f"{self.prefix}.timer.{couple_id}"

    def due(self, couple_id: str) -> str:
        """What a couple's schedule fires."""
        return f"{self.prefix}.due.{couple_id}"

    def deliver(self, couple_id: str, endpoint_id: str) -> str:
        """A delivery task that is to run now."""
        return f"{self.prefix}.deliver.{couple_id}.{endpoint_id}"

    def retry(self, couple_id: str, endpoint_id: str, message_id: str) -> str:
        """A delivery task that waits for its time."""
        return f"{self.prefix}.retry.{couple_id}.{endpoint_id}.{message_id}"

    def poll_timer(self, couple_id: str, rest: str) -> str:
        """The one schedule of a couple's calendar; ``rest`` is its id without the couple's."""
        return f"{self.prefix}.polltimer.{couple_id}.{rest}"

    def poll(self, couple_id: str, rest: str) -> str:
        """What a calendar's schedule fires."""
        return f"{self.prefix}.poll.{couple_id}.{rest}"

    def attempt(self, couple_id: str, endpoint_id: str) -> str:
        """The record of one attempt."""
        return f"{self.prefix}.attempt.{endpoint_id}.{couple_id}"

    def dead_letter(self, couple_id: str, what: str) -> str:
        """A dead letter: a delivery that was given up, or a message no handler could take."""
        return f"{self.prefix}.dead.{couple_id}.{what}"

    def refused(self, couple_id: str | None, what: str) -> str:
        """Refused input of one sort, under the couple it names, or ``_``."""
        return f"{self.prefix}.rejected.{couple_id or NOBODY}.{what}"

    def looked(self, couple_id: str) -> str:
        """Where a finished look is announced; plain NATS, kept by nobody."""
        return f"{self.prefix}.looked.{couple_id}"

    def is_timed(self, subject: str) -> bool:
        """Whether a message there was fired by a timer, which was set by something that is over by then."""
        return subject.startswith((self.due(""), f"{self.prefix}.poll."))
