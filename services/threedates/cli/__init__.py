"""The command ``threedates``."""
