"""`papertray` alone: the first time it makes a place to drop files into, later it says how it goes."""

from papertray.daemon.cli.commands.status import current_status
from papertray.daemon.cli.first_run import prepare_first_run
from papertray.daemon.cli.screen import print_line
from papertray.daemon.cli.status_text import describe_status
from papertray.daemon.client.client import Client
from papertray.daemon.places import find_places


def welcome() -> None:
    places = find_places()
    if places.settings_file.exists():
        with Client(places) as client:
            for line in describe_status(current_status(client)):
                print_line(line)
        return
    for line in prepare_first_run(places):
        print_line(line)
    print_line("Start with `papertray run`, or read one file with `papertray read FILE`.")
    print_line("`papertray --help` lists everything.")
