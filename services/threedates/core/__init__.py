"""The pure core: fold, decide, slots, wording, calendar rendering, retry plan. No async, no clock, no I/O."""
