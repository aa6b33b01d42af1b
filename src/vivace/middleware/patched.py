"""Whether somebody has put a function of their own in the place of a method. Monitoring tools do, to see what goes by.

A way past such a method would be a way past them, so each of Vivace's quicker ways asks here first.
"""

from __future__ import annotations

from types import FunctionType


def is_patched(cls: type, method: str) -> bool:
    """Whether what `cls` has for `method` was not written in the module of the class that it comes from.

    `functools.wraps` gives a replacement the names of what it replaces, but not its globals.
    """
    owner = next((base for base in cls.__mro__ if method in vars(base)), None)
    if owner is None:
        return False
    found = vars(owner)[method]
    return type(found) is not FunctionType or found.__globals__.get("__name__") != owner.__module__
