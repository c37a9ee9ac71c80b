"""The child that opens documents, as the renderer holds it: asked one thing at a time, in frames."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict

from papertray.engine.children.command import module_command
from papertray.engine.children.process import ChildProcess
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child import frames

COMMAND = module_command("papertray.engine.render_child")
STARTING = 60.0  # seconds; a cold disk and a virus scanner can take long

Reply = tuple[frames.Header, bytearray]


class RenderChild(ChildProcess[Reply]):
    """A child that was started; wait until it is ready before asking."""

    def __init__(self, command: Sequence[str], limits: DocumentLimits) -> None:
        longest = _bytes_of_the_largest_page(limits)
        super().__init__(
            [*command, json.dumps(asdict(limits))],
            lambda pipe: frames.read_frame(pipe, longest),  # type: ignore[arg-type]  # a pipe of bytes
        )

    def wait_until_ready(self) -> None:
        self.receive(STARTING)

    def ask(self, request: frames.Header, seconds: float) -> Reply:
        frame = io.BytesIO()
        frames.write_frame(frame, request)
        self.send(frame.getvalue())
        return self.receive(seconds)


def _bytes_of_the_largest_page(limits: DocumentLimits) -> int:
    return max(limits.max_megapixels, limits.page_megapixels) * 4_000_000 + (1 << 20)
