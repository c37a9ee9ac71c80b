"""`python -m papertray.engine.pdf_child LIMITS FILES`: started by `engine.outputs`, never by a person."""

import sys

from papertray.engine.pdf_child.serve import serve_once

if __name__ == "__main__":
    serve_once(sys.argv[1:])
