"""The page's forms by the last part of the address they are posted to: where each stands, and what taking it in does.

Most become input for the inbox; what concerns links and endpoints is done here and now. A form that is refused is shown
again on its section as it was filled in, with the problem beside its field.
"""

from dataclasses import dataclass

from threedates.gateway.forms import Form
from threedates.gateway.page import address, calendars, forms, leaving, owncalendars, settingforms, webhooks
from threedates.gateway.page.outcome import Take
from threedates.gateway.page.sending import sent


@dataclass(frozen=True, slots=True)
class PageForm:
    """One form. ``section`` is where it stands unless it says otherwise, ``key`` the field that tells it from others
    of its sort on one page.
    """

    section: str
    take: Take
    key: str = ""

    def name(self, what: str, form: Form) -> str:
        """The name it has on the page."""
        return f"{what}-{form.get(self.key)}" if self.key else what


NOTICES = {
    "check-in": "Thank you, that is noted.",
    "answer": "Done.",
    "idea": "Here is another idea.",
    "book": "It is in your calendar.",
    "calendar": "Your calendar is read from now on.",
    "no-calendar": "Your calendar is not read any more.",
    "saved": "Saved.",
    "away": "No date is proposed for then.",
    "tested": "A test is on its way; its attempt shows here in a moment.",
    "on": "It is switched on.",
    "off": "It is switched off.",
    "snooze": "It will be quiet until then.",
    "pause": "Everything is paused.",
    "resume": "Welcome back. It goes on from here.",
    "moved": "This is your page’s new address. Keep it as a bookmark; the one before has ended.",
    "rotated": "It has another address now. The one before has ended; subscribe with the new one.",
    "revoked": "That address has ended.",
    "added": "Here is one more calendar.",
    "later": "Noted. It may take a moment until it shows.",
}
"""What the page says first, by what was done."""


POSTS: dict[str, PageForm] = {
    "check-in": PageForm("", sent(forms.check_in, "check-in")),
    "answer": PageForm("dates", sent(forms.answer, "answer"), "uid"),
    "idea": PageForm("dates", sent(forms.another_idea, "idea"), "uid"),
    "book": PageForm("dates", sent(forms.book, "book")),
    "feed-rotate": PageForm("calendar", calendars.rotate, "feed"),
    "feed-revoke": PageForm("calendar", calendars.revoke, "feed"),
    "feed-add": PageForm("calendar", calendars.add),
    "address": PageForm("settings", address.rotate),
    "calendar-add": PageForm("calendar", owncalendars.add),
    "calendar-remove": PageForm("calendar", owncalendars.remove),
    "people": PageForm("settings", sent(settingforms.people, "saved")),
    "cadence": PageForm("settings", sent(settingforms.cadence, "saved"), "kind"),
    "rhythm": PageForm("settings", sent(settingforms.rhythm, "saved")),
    "away": PageForm("settings", sent(settingforms.away, "away")),
    "not-away": PageForm("settings", sent(settingforms.not_away, "saved")),
    "hook-test": PageForm("webhooks", webhooks.test, "endpoint"),
    "hook-rotate": PageForm("webhooks", webhooks.rotate, "endpoint"),
    "hook-switch": PageForm("webhooks", webhooks.switch, "endpoint"),
    "leave": PageForm("leave", leaving.leave),
    "snooze": PageForm("settings", sent(forms.snooze, "snooze")),
    "pause": PageForm("settings", sent(forms.pause, "pause")),
    "resume": PageForm("", sent(forms.resume, "resume")),
}
