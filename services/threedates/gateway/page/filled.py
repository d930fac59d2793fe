"""A form as it was filled in, to be shown again with what was wrong beside each field."""

from dataclasses import dataclass, field

from threedates.gateway.forms import Form


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, to be shown again; by name of the form and its fields, with what was wrong."""

    name: str = ""
    form: Form = field(default_factory=lambda: Form({}))
    problems: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> "Filled":
        """What was filled into that form: this, if it is the one, else nothing."""
        return self if name == self.name else Filled(name)

    def get(self, name: str) -> str:
        """A field's value."""
        return self.form.get(name)

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return self.form.all(name)

    def problem(self, name: str) -> str | None:
        """What was wrong with a field; with none of them, under ""."""
        return self.problems.get(name)
