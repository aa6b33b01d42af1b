"""How the framework warns: of something of its own that is deprecated, or of what it was told."""

from __future__ import annotations

import sys
import warnings

from vivace.exceptions import FastAPIDeprecationWarning

_PACKAGE = __name__.partition(".")[0]


def warn_deprecated(message: str) -> None:
    """Warn of something deprecated, as `warn_caller` does."""
    warn_caller(message, FastAPIDeprecationWarning)


def warn_caller(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn, and blame the nearest line of code outside this package, however deep inside it we are."""
    level = 1
    while _belongs_to_package(sys._getframe(level).f_globals.get("__name__", "")):
        level += 1
    warnings.warn(message, category, stacklevel=level + 1)


def _belongs_to_package(module: str) -> bool:
    return module == _PACKAGE or module.startswith(_PACKAGE + ".")
