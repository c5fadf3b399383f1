"""The verbs; no HTTP, no printing."""
