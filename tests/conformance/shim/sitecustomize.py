"""The import name `fastapi` stands for the package named by CONFORMANCE_PACKAGE, in this and every child process.

`import fastapi.x` gives the very module object that `import <package>.x` gives.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys

ALIAS = "fastapi"
REAL = os.environ.get("CONFORMANCE_PACKAGE", "")

_BY_NAME = ("get_code", "get_source", "get_filename", "is_package", "get_resource_reader")


class AliasLoader:
    """Hands out the real module; what else a loader can do, the real loader does."""

    def __init__(self, real_name, real_loader):
        self._real_name = real_name
        self._real_loader = real_loader
        self._spec = None

    def create_module(self, spec):
        module = importlib.import_module(self._real_name)
        self._spec = getattr(module, "__spec__", None)
        return module

    def exec_module(self, module):
        module.__spec__ = self._spec  # the import system has just put the alias's spec there
        for name in list(sys.modules):  # modules that the real import brought along
            if name == REAL or name.startswith(REAL + "."):
                sys.modules.setdefault(ALIAS + name[len(REAL) :], sys.modules[name])

    def __getattr__(self, attr):
        if attr.startswith("__"):
            raise AttributeError(attr)
        value = getattr(self._real_loader, attr)
        return (lambda name=None: value(self._real_name)) if attr in _BY_NAME else value


class AliasFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != ALIAS and not name.startswith(ALIAS + "."):
            return None
        real = REAL + name[len(ALIAS) :]
        spec = _real_spec(real)
        if spec is None:
            if name == ALIAS:  # never fall through to a genuine package
                raise ModuleNotFoundError(f"No module named {name!r} (aliased to {real!r})", name=name)
            return None
        alias = importlib.machinery.ModuleSpec(name, AliasLoader(real, spec.loader), origin=spec.origin)
        alias.submodule_search_locations = spec.submodule_search_locations
        alias.has_location = spec.has_location
        alias.cached = spec.cached
        return alias

    @staticmethod
    def invalidate_caches():
        pass


def _real_spec(real):
    try:
        return importlib.util.find_spec(real)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing != real and not real.startswith(missing + "."):
            raise
        return None
    except ValueError:  # loaded, without a spec
        spec = importlib.machinery.ModuleSpec(real, None)
        if hasattr(sys.modules[real], "__path__"):
            spec.submodule_search_locations = list(sys.modules[real].__path__)
        return spec


def _run_the_next_sitecustomize():
    here = os.path.dirname(os.path.abspath(__file__))
    path = [p for p in sys.path if os.path.abspath(p or os.curdir) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if REAL:
    sys.meta_path.insert(0, AliasFinder)
_run_the_next_sitecustomize()
