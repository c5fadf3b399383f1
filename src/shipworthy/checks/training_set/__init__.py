"""FAMILY: looks at one training set before a model learns from it; one file, one check."""
