"""The bodies of the ``/v1`` calls: what they take and what they answer, in a module for each of ``gateway/v1``."""
