"""The invites service: decisions in, calendar bytes out."""
