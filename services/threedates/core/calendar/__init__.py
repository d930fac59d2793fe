"""Calendar rendering (RFC 5545, 5546, 7986): dates in, iCalendar bytes out. Pure: stamps and zones are arguments."""
