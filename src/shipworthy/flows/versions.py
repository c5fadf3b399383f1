"""Which version of a model is meant."""

from sqlalchemy import Engine

from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.logbook import read
from shipworthy.records import ModelVersion


def chosen(book: Engine, name: str, number: int | None = None, *, newest: bool = False) -> ModelVersion:
    """Return version `number` of the model `name`; without one the version that answers, or the newest where none does.

    With `newest` it is the newest even where another answers.

    Raises:
        ShipworthyError: none has been trained yet.
        UnknownName: there is no such version.
    """
    versions = {version.version: version for version in read.versions(book, name)}
    if not versions:
        raise ShipworthyError(where=name, what="no version has been trained yet", fix=f"shipworthy train {name}")
    champion = None if newest else read.champion(book, name)
    wanted = number if number is not None else champion if champion is not None else max(versions)
    if wanted not in versions:
        raise UnknownName.of("version", str(wanted), known=map(str, versions), where=name)
    return versions[wanted]
