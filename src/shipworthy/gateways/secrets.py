"""Secrets come from environment variables that the project names; they are kept nowhere."""

import os
import re

from shipworthy.errors import BadSpec

IN_ADDRESS = re.compile(r"(\w://[^\s:/@'\"]*):([^\s@/'\"]+)@")
IN_LINE = re.compile(r"(?im)^([+\- ]?\s*[\w.-]*(?:password|passwd|token|secret|api_key|apikey)\s*[:=]\s*)(?!\{\{)(\S.*)$")


def masked(text: str) -> str:
    r"""Return `text` without what looks like a secret: passwords in addresses, and lines of YAML that hold a password or token.

    >>> print(masked("tracking: postgresql://ana:pa55@db/mlflow\npassword: pa55\nowner: ana"))
    tracking: postgresql://ana:***@db/mlflow
    password: ***
    owner: ana
    """
    return IN_LINE.sub(r"\1***", IN_ADDRESS.sub(r"\1:***@", text))


def secret(variable: str, where: str) -> str:
    """Return what the environment variable holds.

    Raises:
        BadSpec: it is not set, or empty.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise BadSpec(where=where, what=f"the environment variable {variable} is not set", fix=f"set {variable}; its value is kept nowhere")
    return value
