"""Where the bundled program begins: it is papertray, unless it was started to be a child of papertray."""

import runpy
import sys

from papertray.engine.children.command import run_child_module

if not run_child_module(sys.argv):
    runpy.run_module("papertray.daemon.cli", run_name="__main__", alter_sys=False)
