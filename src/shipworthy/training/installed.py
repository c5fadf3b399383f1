"""Every installed package and its version."""

from importlib.metadata import Distribution, distributions


def installed() -> dict[str, str]:
    """Return the version of each installed package by its name, as it spells it itself; of two of one name the one that is imported.

    What a package says of itself is not parsed beyond its head: of some hundred packages that took seconds.
    """
    found: dict[str, str] = {}
    for package in distributions():
        head = head_of(_said(package))
        if "Name" in head and "Version" in head:
            found.setdefault(head["Name"], head["Version"])
    return found


def head_of(said: str) -> dict[str, str]:
    r"""Return the fields before the first blank line; of a field that comes several times the first, of its lines the first.

    >>> head_of("Name: ours\nVersion: 1.0\nLicense: a\n  long: text\n\nVersion: of the story")
    {'Name': 'ours', 'Version': '1.0', 'License': 'a'}
    """
    fields: dict[str, str] = {}
    for line in said.partition("\n\n")[0].splitlines():
        name, colon, value = line.partition(":")
        if colon and not name[:1].isspace():
            fields.setdefault(name, value.strip())
    return fields


def _said(package: Distribution) -> str:
    return package.read_text("METADATA") or package.read_text("PKG-INFO") or ""
