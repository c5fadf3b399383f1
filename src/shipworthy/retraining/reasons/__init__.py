"""The family of reasons to train again: one file, one reason."""
