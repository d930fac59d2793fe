"""The nudges service: decisions in, signed webhooks out; attempts, retries and dead letters."""
