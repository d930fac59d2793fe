"""The intake service: what producers sent becomes facts in the log, or is refused with a reason."""
