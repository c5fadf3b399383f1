"""The family of the 28 tests of the ML Test Score: one file, one test, scored by evidence that this project left."""
