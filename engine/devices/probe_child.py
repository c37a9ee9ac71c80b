"""`python -m papertray.engine.devices.probe_child NAME…`: measure devices, each as a line of JSON.

Started by `engine.devices.machine`. Drivers write to standard output and error as they please; the answers
have the output's pipe for themselves. It ends when its input does: nobody is left to answer.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from papertray.engine.children.parent import end_with_parent
from papertray.engine.devices.environment import prepare_environment
from papertray.engine.devices.probes import probe_device
from papertray.engine.devices.survey import DeviceFacts


def answer_probes(names: Sequence[str], look: Callable[[str], DeviceFacts] = probe_device) -> None:
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        os.dup2(2, 1)
        end_with_parent()
        prepare_environment()
        for name in names:
            answers.write(json.dumps(asdict(look(name))) + "\n")
            answers.flush()


if __name__ == "__main__":
    answer_probes(sys.argv[1:])
