"""`python -m papertray.engine.render_child LIMITS FILES`: started by `engine.renderer`, never by a person."""

import sys

from papertray.engine.render_child.serve import serve

if __name__ == "__main__":
    serve(sys.argv[1:])
