"""Secrets come from environment variables that the project names; they are kept nowhere."""

import os

from shipworthy.errors import BadSpec


def secret(variable: str, where: str) -> str:
    """Return what the environment variable holds.

    Raises:
        BadSpec: it is not set, or empty.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise BadSpec(where=where, what=f"the environment variable {variable} is not set", fix=f"set {variable}; its value is kept nowhere")
    return value
