"""Reads options, calls one flow, prints, sets the exit code."""
