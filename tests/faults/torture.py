"""Whether every case is tried, as `make torture` does, or the few that `make test` has time for."""

import os

TORTURE = bool(os.environ.get("PAPERTRAY_TORTURE"))
