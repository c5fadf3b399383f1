"""The family of formats: one file, one way in which a fitted model lies on disk. None of them runs code that it brings."""
