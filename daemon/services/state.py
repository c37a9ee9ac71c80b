"""How a service stands: the same words on every system."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceState:
    """`path` is its unit, its property list or the name of its task; `says` what papertray last told."""

    system: str
    path: str
    installed: bool
    enabled: bool = False  # starts with the login
    running: bool = False
    pid: int | None = None
    says: str = ""


def state_in_words(service: ServiceState) -> str:
    if not service.installed:
        return "papertray is not installed as a service. `papertray service install` does that."
    starts = "starts at login" if service.enabled else "does not start at login"
    runs = f"runs now (process {service.pid})" if service.running and service.pid else ""
    runs = runs or ("runs now" if service.running else "does not run now")
    says = f"\n{service.says}" if service.says else ""
    return f"papertray is a service ({service.system}): it {starts} and {runs}.{says}\n{service.path}"
