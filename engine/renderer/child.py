"""The child that opens documents, as the renderer holds it: asked one thing at a time, in frames."""

import io
import json
import os
from collections.abc import Sequence
from dataclasses import asdict

from papertray.engine.children.command import module_command
from papertray.engine.children.process import ChildDied, ChildProcess
from papertray.engine.documents import DocumentLimits
from papertray.engine.render_child import frames
from papertray.engine.render_child.passing import Sender

COMMAND = module_command("papertray.engine.render_child")
VARIABLES = frozenset({"LANG", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TZ", "WINDIR"})
STARTING = 60.0  # seconds; a cold disk and a virus scanner can take long

Reply = tuple[frames.Header, bytearray]


class RenderChild(ChildProcess[Reply]):
    """A child that was started; wait until it is ready before asking."""

    def __init__(self, command: Sequence[str], limits: DocumentLimits) -> None:
        longest = _bytes_of_the_largest_page(limits)
        self._files = Sender()
        try:
            super().__init__(
                [*command, json.dumps(asdict(limits)), self._files.argument()],
                lambda pipe: frames.read_frame(pipe, longest),  # type: ignore[arg-type]  # a pipe of bytes
                inherited=_needed_variables(),
                descriptors=self._files.descriptors,
            )
        except BaseException:
            self._files.close()
            raise

    def wait_until_ready(self) -> None:
        ready, _nothing = self.receive(STARTING)
        self._files.start(int(ready["process"]))

    def ask(self, request: frames.Header, descriptor: int, seconds: float) -> Reply:
        """About the file that is open as `descriptor`."""
        try:
            request = {**request, **self._files.send(descriptor)}
        except OSError as problem:
            raise ChildDied(self._status()) from problem
        frame = io.BytesIO()
        frames.write_frame(frame, request)
        self.send(frame.getvalue())
        return self.receive(seconds)

    def end(self) -> None:
        self._files.close()
        super().end()


def _needed_variables() -> dict[str, str]:
    """What a Python process needs to start: no keys, no addresses, nothing that others keep there."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in VARIABLES or name.startswith(("PYTHON", "LC_"))
    }


def _bytes_of_the_largest_page(limits: DocumentLimits) -> int:
    return max(limits.max_megapixels, limits.page_megapixels) * 4_000_000 + (1 << 20)
