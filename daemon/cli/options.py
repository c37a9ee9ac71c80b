"""Options that several commands take, worded the same everywhere."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
