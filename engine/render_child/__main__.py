"""`python -m papertray.engine.render_child LIMITS`: started by `engine.renderer`, never by a person."""

import json
import sys

from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child.serve import serve

if __name__ == "__main__":
    serve(DocumentLimits(**json.loads(sys.argv[1])))
