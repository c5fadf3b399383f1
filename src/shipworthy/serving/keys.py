"""Who may ask what: keys from the environment, compared in constant time, never shown."""

import hashlib
import hmac
import os
from collections.abc import Collection
from dataclasses import dataclass

from shipworthy.errors import BadSpec, Unauthorised
from shipworthy.serving.faults import NotAllowed

ROLES = ("read", "predict", "admin")


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's name and role, and the SHA-256 of the key."""

    name: str
    role: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a service; where there are none, everybody may do everything."""

    known: tuple[Key, ...] = ()

    def caller(self, authorization: str | None, roles: Collection[str]) -> str | None:
        """Return the name of the caller who shows a key with one of `roles`, None where no keys are set.

        Raises:
            Unauthorised: no key was shown, or an unknown one.
            NotAllowed: the key has another role.
        """
        if not self.known:
            return None
        scheme, _, shown = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not shown:
            raise Unauthorised(where="header Authorization", what="no key was shown", fix="send 'Authorization: Bearer KEY'")
        digest = _digest(shown.strip())
        found = [key for key in self.known if hmac.compare_digest(key.digest, digest)]
        if not found:
            raise Unauthorised(where="header Authorization", what="this key is not known", fix="ask the service's owner for one")
        if found[0].role not in roles:
            what = f"the key of '{found[0].name}' has the role {found[0].role}"
            raise NotAllowed(where="header Authorization", what=what, fix=f"this needs one of: {', '.join(sorted(roles))}")
        return found[0].name


def keys_from(variable: str) -> Keys:
    """Return the keys in the environment variable `variable`: 'name:role:key', separated by commas; unset or empty is none.

    Raises:
        BadSpec: one of them is not of that form; says which by its place, never what it is.
    """
    parts = [part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()]
    return Keys(tuple(_key(part, f"{variable}, key {place}") for place, part in enumerate(parts, start=1)))


def _key(part: str, where: str) -> Key:
    name, _, rest = part.partition(":")
    role, _, key = rest.partition(":")
    if not name or not key or role not in ROLES:
        raise BadSpec(where=where, what="is not of the form 'name:role:key'", fix=f"write it so; roles: {', '.join(ROLES)}")
    return Key(name, role, _digest(key))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="surrogateescape")).digest()
