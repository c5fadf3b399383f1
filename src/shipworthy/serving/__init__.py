"""HTTP: what is promoted, answering; every acknowledged prediction on disk before its answer."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before LightGBM is loaded: idle threads must not spin
