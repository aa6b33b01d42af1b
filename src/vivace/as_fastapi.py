"""`import fastapi` means Vivace, in this process: for programs, and the packages they use, that can't be edited.

Three ways to switch it on, before anything has imported the genuine package:

    import vivace.as_fastapi                   # the first line of a program
    pytest -p vivace.as_fastapi                # a test suite
    vivace run --as-fastapi main:app           # a server, its workers included

From then on `fastapi.x` is the very module object that `vivace.x` is. A `fastapi` that is installed beside it is never
loaded, and `importlib.metadata` gives the version whose behaviour Vivace has.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution, DistributionFinder
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType

import vivace
from vivace import exceptions

VERSION = "0.163.2"  # the FastAPI that Vivace is the same as
_ALIAS, _REAL = "fastapi", "vivace"


def install() -> None:
    """Redirect the import name; once is enough.

    Raises:
        ImportError: the genuine package has been imported already.
    """
    if any(type(finder).__module__ == __name__ for finder in sys.meta_path):
        return
    genuine = sys.modules.get(_ALIAS)
    if genuine is not None and genuine is not vivace:
        raise ImportError(
            f"The genuine fastapi ({getattr(genuine, '__file__', None)}) has been imported already, so it can't be "
            "replaced: put `import vivace.as_fastapi` before the first import that leads to fastapi, "
            "or start with `vivace run --as-fastapi` or `pytest -p vivace.as_fastapi`"
        )
    sys.meta_path.insert(0, AliasFinder())
    vivace.__version__ = VERSION  # packages that ask `fastapi.__version__` choose by it what they do
    _name_exceptions()


def _name_exceptions() -> None:
    """Let tracebacks, logs and metrics name an exception as they did: alerts are set on `fastapi.exceptions.…`."""
    for thing in vars(exceptions).values():
        if isinstance(thing, type) and thing.__module__ == exceptions.__name__:
            thing.__module__ = _ALIAS + exceptions.__name__.removeprefix(_REAL)


class AliasFinder(MetaPathFinder):
    """Answers for `fastapi` and all below it, before any finder that looks at the disk."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname.partition(".")[0] != _ALIAS:
            return None
        real = find_spec(_REAL + fullname.removeprefix(_ALIAS))
        if real is None:
            return None
        spec = ModuleSpec(fullname, AliasLoader(real), origin=real.origin)
        spec.submodule_search_locations = real.submodule_search_locations
        return spec

    def find_distributions(self, context: DistributionFinder.Context | None = None) -> Iterable[Distribution]:
        """What `importlib.metadata` asks every finder on `sys.meta_path`."""
        wanted = (context or DistributionFinder.Context()).name
        return [AliasDistribution()] if wanted is None or wanted.lower() == _ALIAS else []


class AliasLoader(Loader):
    """Puts the real module where the import system looks for the alias."""

    def __init__(self, real: ModuleSpec) -> None:
        self.real = real

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        sys.modules[module.__spec__.name] = importlib.import_module(self.real.name)
        for name, loaded in list(sys.modules.items()):  # what that has imported in its turn
            if name.startswith(_REAL + "."):
                sys.modules.setdefault(_ALIAS + name.removeprefix(_REAL), loaded)

    def get_code(self, _: str) -> CodeType | None:
        """For `python -m fastapi`."""
        code: CodeType | None = self.real.loader.get_code(self.real.name)  # type: ignore[union-attr]
        return code


class AliasDistribution(Distribution):
    """The metadata of FastAPI, as far as it is asked for: its name and version."""

    def read_text(self, filename: str) -> str | None:
        return f"Metadata-Version: 2.1\nName: {_ALIAS}\nVersion: {VERSION}\n" if filename == "METADATA" else None

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        raise FileNotFoundError(f"{path}: {_ALIAS} is {_REAL} in this process and has no files of its own")


install()
