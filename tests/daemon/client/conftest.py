"""The same served daemon as the API's own tests have."""

from tests.daemon.api.conftest import api as api
from tests.daemon.api.conftest import serving as serving
