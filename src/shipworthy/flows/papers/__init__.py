"""The family of papers: one file, one document that is written about a version for people."""
