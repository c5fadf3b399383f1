"""The family of monitors: one file, one monitor."""
