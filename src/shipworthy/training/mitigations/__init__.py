"""The family of mitigations: one file, one way to make decisions more alike between groups of people."""
