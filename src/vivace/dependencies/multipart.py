"""Is the package there that parses forms? Two packages have been called `multipart`; only one of them will do.

It is a dependency of ours, so this only speaks up where an environment was changed by hand.
"""

from __future__ import annotations

import importlib
from types import ModuleType

multipart_not_installed_error = (
    'Form data requires "python-multipart" to be installed. \n'
    'You can install "python-multipart" with: \n\n'
    "pip install python-multipart\n"
)
multipart_incorrect_install_error = (
    'Form data requires "python-multipart" to be installed. '
    'It seems you installed "multipart" instead. \n'
    'You can remove "multipart" with: \n\n'
    "pip uninstall multipart\n\n"
    'And then install "python-multipart" with: \n\n'
    "pip install python-multipart\n"
)

# From this version on it has a name of its own; before, only `multipart`.
_RENAMED = (0, 0, 13)


def ensure_multipart_is_installed() -> None:
    """Speak up before the first form is sent.

    Raises:
        RuntimeError: there is no parser for forms; says what to install.
    """
    if _version(_module("python_multipart")) >= _RENAMED:
        return
    if not getattr(_module("multipart"), "__version__", None):
        raise RuntimeError(multipart_not_installed_error)
    if not hasattr(_module("multipart.multipart"), "parse_options_header"):
        raise RuntimeError(multipart_incorrect_install_error)


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _version(module: ModuleType | None) -> tuple[int, ...]:
    numbers = str(getattr(module, "__version__", "")).split(".")
    return tuple(int(number) for number in numbers if number.isdigit())
