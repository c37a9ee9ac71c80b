"""How papertray starts one of its own modules as a process of its own.

From an installed papertray that is `python -m MODULE`. In a bundle made by PyInstaller there is no Python to
ask: the program itself is asked to be that module for once, and `become` answers at its very start.
"""

import runpy
import sys
from collections.abc import Sequence

CHILD = "--child"


def command(module: str) -> tuple[str, ...]:
    """What starts this module; words for it may follow."""
    if getattr(sys, "frozen", False):
        return (sys.executable, CHILD, module)
    return (sys.executable, "-P", "-m", module)  # -P: a file of the working folder hides none of ours


def become(words: Sequence[str]) -> bool:
    """Run the module that a bundled program was asked to be, if it was; `words` are its `sys.argv`."""
    if list(words[1:2]) != [CHILD]:
        return False
    _program, _child, module, *rest = words
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return True
