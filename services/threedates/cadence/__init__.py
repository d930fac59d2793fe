"""The cadence service: facts and timers in, decisions and the next timer out."""
