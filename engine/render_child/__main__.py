"""`python -m engine.render_child LIMITS`: started by `engine.renderer`, never by a person."""

import json
import sys

from engine.documents import Limits
from engine.render_child.serve import serve

if __name__ == "__main__":
    serve(Limits(**json.loads(sys.argv[1])))
