"""The gateway: HTTP in and out, for apps, calendars and people."""
