"""The family of studies: one file, one question to a freshly fitted model; each answers with a chapter."""
