"""The calendars service: partners' own calendars, read from their addresses, become busy times."""
