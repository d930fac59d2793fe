"""Answers to invites as the great mail programs send them, for the couple's tests: written after the real ones."""

import base64
from textwrap import dedent, wrap

SAM = "sam@example.org"
_GMAIL = """\
MIME-Version: 1.0
Reply-To: Sam Doe <{sender}>
Sender: Google Calendar <calendar-notification@google.com>
Message-ID: <calendar-8d0c1f2e-52c4-4dd6-8b0e-4cf1a2b0d9e1@google.com>
Date: Fri, 20 Nov 2026 19:30:11 +0000
Subject: Accepted: Fun date @ Sat Nov 21, 2026 9:04pm - 12:04am (CET)
From: Sam Doe <{sender}>
To: dates@threedates.example
Content-Type: multipart/mixed; boundary="000000000000f3b1c80627aabbcc"

--000000000000f3b1c80627aabbcc
Content-Type: multipart/alternative; boundary="000000000000f3b1c60627aabbca"

--000000000000f3b1c60627aabbca
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

U2FtIERvZSBoYXMgYWNjZXB0ZWQgdGhpcyBpbnZpdGF0aW9uLg0K

--000000000000f3b1c60627aabbca
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<html><body><p style=3D"font-family:Roboto">Sam Doe has accepted this invitation.</p></body></html>

--000000000000f3b1c60627aabbca
Content-Type: text/calendar; charset="UTF-8"; method={method}
Content-Transfer-Encoding: 7bit

{ics}
--000000000000f3b1c60627aabbca--

--000000000000f3b1c80627aabbcc
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{base64}
--000000000000f3b1c80627aabbcc--
"""
_GMAIL_ICS = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
DTSTART:{start}
DTEND:{end}
DTSTAMP:{dtstamp}
ORGANIZER;CN=threedates:mailto:dates@threedates.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Sam Doe
 ;X-NUM-GUESTS=0:mailto:{attendee}
CREATED:20261120T180000Z
DESCRIPTION:Cook something neither of you has ever cooked.\\n\\nhttps://dates.example/a/
LAST-MODIFIED:20261120T193010Z
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Fun date
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
_OUTLOOK = """\
From: "Doe, Sam" <Sam@Example.org>
To: threedates <dates@threedates.example>
Subject: =?iso-8859-1?Q?Abgelehnt:_Fun_date_f=FCr_euch?=
Thread-Topic: Fun date
Thread-Index: AdxZ1234567890abcdefghijklmnopqrst==
Date: Fri, 20 Nov 2026 19:35:00 +0000
Message-ID: <AM0PR02MB1234567890ABCDEF@AM0PR02MB1234.eurprd02.prod.outlook.com>
Accept-Language: de-DE, en-US
X-MS-Has-Attach:
X-MS-TNEF-Correlator:
Content-Type: multipart/alternative; boundary="_000_AM0PR02MB1234567890ABCDEFAM0PR02MB1234eurp_"
MIME-Version: 1.0

--_000_AM0PR02MB1234567890ABCDEFAM0PR02MB1234eurp_
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Passt leider nicht, sp=E4ter gern.

--_000_AM0PR02MB1234567890ABCDEFAM0PR02MB1234eurp_
Content-Type: text/calendar; charset="utf-8"; method={method}
Content-Transfer-Encoding: base64

{base64}
--_000_AM0PR02MB1234567890ABCDEFAM0PR02MB1234eurp_--
"""
_OUTLOOK_ICS = """\
BEGIN:VCALENDAR
METHOD:{method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN="Doe, Sam":MAILTO:{attendee}
COMMENT;LANGUAGE=de-DE:Passt leider nicht\\, später gern.\\n
UID:{uid}
SUMMARY;LANGUAGE=de-DE:Abgelehnt: Fun date
DTSTART;TZID=W. Europe Standard Time:{start}
DTEND;TZID=W. Europe Standard Time:{end}
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{dtstamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=de-DE:
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
X-MICROSOFT-CDO-OWNERAPPTID:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
X-MICROSOFT-CDO-INSTTYPE:0
X-MICROSOFT-DISALLOW-COUNTER:FALSE
END:VEVENT
END:VCALENDAR
"""
_APPLE = """\
From: Sam Doe <{sender}>
Content-Type: multipart/alternative; boundary="Apple-Mail=_5F0F3B0E-3A55-4E5A-9A0B-1C8A2E0B7D11"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3826.200.121\\))
Subject: Sam Doe hat deine Einladung angenommen: Fun date
Date: Fri, 20 Nov 2026 20:40:00 +0100
To: dates@threedates.example
Message-Id: <5F0F3B0E-3A55-4E5A-9A0B-1C8A2E0B7D12@example.org>

--Apple-Mail=_5F0F3B0E-3A55-4E5A-9A0B-1C8A2E0B7D11
Content-Transfer-Encoding: 7bit
Content-Type: text/plain;
\tcharset=us-ascii


--Apple-Mail=_5F0F3B0E-3A55-4E5A-9A0B-1C8A2E0B7D11
Content-Disposition: attachment;
\tfilename=iCal-20261120-204000.ics
Content-Type: text/calendar;
\tname="iCal-20261120-204000.ics";
\tmethod={method};
\tcharset=utf-8
Content-Transfer-Encoding: quoted-printable

{quoted}
--Apple-Mail=_5F0F3B0E-3A55-4E5A-9A0B-1C8A2E0B7D11--
"""
_APPLE_ICS = """\
BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:{method}
PRODID:-//Apple Inc.//macOS 15.1//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN="Sam Doe";CUTYPE=INDIVIDUAL;EMAIL="{attendee}";PARTSTAT={partstat};R
 OLE=REQ-PARTICIPANT:mailto:{attendee}
DTEND;TZID=Europe/Berlin:{end}
DTSTAMP:{dtstamp}
DTSTART;TZID=Europe/Berlin:{start}
LAST-MODIFIED:20261120T180000Z
ORGANIZER;CN="threedates":mailto:dates@threedates.example
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Fun date
UID:{uid}
END:VEVENT
END:VCALENDAR
"""
_DEFAULTS = {
    "method": "REPLY",
    "partstat": "ACCEPTED",
    "dtstamp": "20261120T193010Z",
    "sequence": "0",
    "sender": SAM,
    "attendee": SAM,
}
TNEF = b"""\
From: Sam Doe <sam@example.org>
Subject: Accepted: Fun date
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain

--x
Content-Type: application/ms-tnef; name="winmail.dat"
Content-Transfer-Encoding: base64

eJ8+Ig==
--x--
"""


def gmail(uid: str, **how: str) -> bytes:
    """An answer from Google Calendar; ``how`` replaces what stands in ``_DEFAULTS``, times in UTC."""
    times = {"start": "20261121T200400Z", "end": "20261121T230400Z"}
    return _mail(_GMAIL, _GMAIL_ICS, uid, {**times, **how})


def outlook(uid: str, **how: str) -> bytes:
    """An answer from Outlook by way of Exchange: base64, a Windows zone, no ORGANIZER, a name with a comma."""
    times = {"start": "20261121T210400", "end": "20261122T000400"}
    return _mail(_OUTLOOK, _OUTLOOK_ICS, uid, {**times, "partstat": "DECLINED", **how})


def apple(uid: str, **how: str) -> bytes:
    """An answer from Apple's Calendar, quoted-printable."""
    return _mail(_APPLE, _APPLE_ICS, uid, {"start": "20261121T210400", "end": "20261122T000400", **how})


def _mail(mail: str, ics: str, uid: str, how: dict[str, str]) -> bytes:
    values = {**_DEFAULTS, **how, "uid": uid}
    # As they come off the wire: every line ends with CRLF.
    text = ics.format(**values).replace("\n", "\r\n")
    coded = base64.b64encode(text.encode()).decode()
    parts = {"ics": text, "base64": "\r\n".join(wrap(coded, 76)), "quoted": text.replace("=", "=3D")}
    return dedent(mail).replace("\n", "\r\n").format(**values, **parts).encode()
