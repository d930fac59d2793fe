"""The course of a kind's present cycle: the instants that all its rules ask for, worked out once."""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.pace import Pace


@dataclass(frozen=True, slots=True)
class Course:
    """When the next date of a kind is due, when it lapses and when the floor is near; instants are UTC."""

    pace: Pace
    due_at: datetime
    floor_at: datetime
    warning_at: datetime


def course_of(pace: Pace, anchor: datetime, due_from: datetime) -> Course:
    """The course from what the floor counts from (``anchor``) and what the target counts from (``due_from``).

    A date is due a target after the last, never past the floor. A cycle that was let go after the floor had passed
    counts from there: the floor cannot bound what lies behind.
    """
    due, floor = pace.target_after(due_from), pace.floor_after(anchor)
    return Course(pace, due if due_from >= floor else min(due, floor), floor, pace.floor_warning(floor))
