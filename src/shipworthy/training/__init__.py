"""From a training set to a fitted model: split by time, the rule to beat, the fit.

On busy cores two spinning OpenMP threads are twenty times slower than one, so LightGBM is told not to
spin before anything here loads it.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
