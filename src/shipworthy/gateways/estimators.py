"""The only door to skops: fitted estimators of scikit-learn as files that run nothing when they are read.

A file names the types that it is made of. Those of scikit-learn, numpy and the like are trusted; any other must be on a list
that the registry was told, or the file is refused before a single object is made.
"""

from collections.abc import Collection
from typing import Any
from zipfile import BadZipFile

from skops import io
from skops.io.exceptions import UntrustedTypesFoundException

from shipworthy.errors import BadArtifact

KNOWN = frozenset({"numpy.dtype", "numpy.random._pickle.__randomstate_ctor", "sklearn.compose._column_transformer._RemainderColsList"})


def written(estimator: object, *, where: str) -> bytes:
    """Return `estimator` as a file.

    Raises:
        BadArtifact: it holds something that cannot be written as data.
    """
    try:
        return bytes(io.dumps(estimator))
    except Exception as error:  # noqa: BLE001 - what skops raises is any library's
        what = f"cannot be written as data: {error}"[:300]
        raise BadArtifact(where=where, what=what, fix="let it hold arrays and plain values") from None


def read(content: bytes, *, trusted: Collection[str] = (), where: str) -> Any:
    """Return the estimator that `written` wrote.

    Raises:
        BadArtifact: it is none, or it is made of a type that is not trusted; names each.
    """
    try:
        made_of = set(io.get_untrusted_types(data=content))
        _refuse(made_of - KNOWN - set(trusted), where)
        return io.loads(content, trusted=sorted(made_of))
    except (UntrustedTypesFoundException, BadZipFile, ValueError, KeyError, TypeError, OSError, ImportError, AttributeError) as error:
        raise BadArtifact(where=where, what=f"is no estimator: {error}"[:300], fix="package the model again") from None


def _refuse(strange: set[str], where: str) -> None:
    if strange:
        raise BadArtifact(
            where=where,
            what=f"is made of {', '.join(sorted(strange)[:5])}, which nobody was told to trust",
            fix="look at what it is, then write it under training.trust in model.yml and train again",
        )
