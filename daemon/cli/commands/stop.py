"""`papertray stop`: end the daemon, however it was started."""

from papertray.daemon.cli.options import AsJson
from papertray.daemon.cli.screen import print_json, print_line
from papertray.daemon.places import find_places


def stop(as_json: AsJson = False) -> None:
    """Stop papertray. The page being read is given back; the next start goes on with it."""
    from papertray.daemon.services.stopping import stop_daemon

    ran = stop_daemon(find_places())
    if as_json:
        print_json({"stopped": ran})
    else:
        print_line("Stopped. `papertray run` starts it again." if ran else "papertray is not running.")
