"""The family of learners: one file, one way to learn."""
