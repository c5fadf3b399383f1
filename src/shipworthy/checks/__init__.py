"""FAMILY: looks at one table; one file, one check, one SQL aggregate for each column."""
