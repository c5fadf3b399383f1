"""Turns verdicts into lasting alerts, words for people, and messages that arrive."""
