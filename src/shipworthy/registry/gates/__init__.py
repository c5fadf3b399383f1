"""The gates that a candidate must pass to go live: one file, one gate."""
