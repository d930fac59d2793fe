"""The calls under ``/v1``: couples and what they report, their dates, status and log, endpoints and feeds."""
