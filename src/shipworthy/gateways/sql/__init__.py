"""The grammar of SQL, by sqlglot: the only door to it."""

from shipworthy.gateways.sql.statement import NotUnderstood, Output, Read, Statement, Term
from shipworthy.gateways.sql.terms import COMMUTATIVE, SETS
from shipworthy.gateways.sql.understand import GRAMMAR, dialect_of, understand

__all__ = ["COMMUTATIVE", "GRAMMAR", "SETS", "NotUnderstood", "Output", "Read", "Statement", "Term", "dialect_of", "understand"]
