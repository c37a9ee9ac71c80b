"""What starts one of papertray's own modules as a process of its own.

From an installed papertray that is `python -m MODULE`. In a bundle made by PyInstaller there is no Python to
ask: the program itself is asked to be that module for once, and `run_child_module` does so at its very start.
"""

import runpy
import sys
from collections.abc import Sequence

CHILD_OPTION = "--child"


def module_command(module: str) -> tuple[str, ...]:
    """The command; arguments for the module may follow."""
    if getattr(sys, "frozen", False):
        return (sys.executable, CHILD_OPTION, module)
    return (sys.executable, "-P", "-m", module)  # -P: a file of the working folder hides none of ours


def run_child_module(arguments: Sequence[str]) -> bool:
    """Run the module that a bundled program was asked to be, if it was; `arguments` are its `sys.argv`."""
    if list(arguments[1:2]) != [CHILD_OPTION]:
        return False
    _program, _option, module, *rest = arguments
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return True
