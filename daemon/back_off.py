"""How long to wait before something that went wrong is tried again. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackOff:
    """`seconds` after the first failure, the second, and so on; after the last, always as long."""

    seconds: tuple[float, ...]

    def after(self, tries: int) -> float:
        """When so many tries went wrong before this one."""
        return self.seconds[min(tries, len(self.seconds) - 1)]
