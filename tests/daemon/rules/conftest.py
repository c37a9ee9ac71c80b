"""A daemon that serves its API, for what it tells of rules."""

from tests.daemon.api.conftest import serving as serving
