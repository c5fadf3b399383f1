"""What exists and what may go live: packages, their input schema, the gates, the pointer to what answers.

On busy cores two spinning OpenMP threads are twenty times slower than one, so LightGBM is told not to
spin before anything here loads it.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
