"""Mails: what is decided becomes the exact bytes of a message (RFC 5322, RFC 6047). Pure."""
