"""Import the application: once, in the process that serves or explains it."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from vivace.applications import FastAPI
from vivace.cli.failure import Failure, cannot_import, shown
from vivace.cli.target import Target

_USUAL = ("app", "api")


def load(target: Target) -> tuple[str, Any]:
    """The application and its name, as `module:app`.

    Raises:
        Failure: the import fails, there is no application, or it is not one.
    """
    if target.as_fastapi:
        _redirect()
    if str(target.root) not in sys.path:
        sys.path.insert(0, str(target.root))
    modules = [_import(target, index) for index in range(len(target.modules))]
    if target.name is not None:
        module = next((m for m in modules if hasattr(m, target.name.partition(".")[0])), modules[-1])
        return f"{module.__name__}:{target.name}", _made(_named(module, target.name), target)
    for module in modules:
        name = _search(module)
        if name is not None:
            return f"{module.__name__}:{name}", vars(module)[name]
    raise _nothing_in(modules[-1])


def _redirect() -> None:
    try:
        import vivace.as_fastapi  # noqa: F401
    except ImportError as error:
        raise Failure(str(error)) from None


def _import(target: Target, index: int) -> ModuleType:
    name = target.modules[index]
    what = shown(target.files[index]) if target.files else name
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not target.files and error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            raise Failure(f"There is no module {error.name!r} in {shown(target.root)} or installed") from None
        raise cannot_import(what, error) from None
    except Exception as error:  # noqa: BLE001 - whatever the user's module raises
        raise cannot_import(what, error) from None
    found = getattr(module, "__file__", None)
    if target.files and found is not None and Path(found).resolve() != target.files[index]:
        raise Failure(
            f"{what} can't be imported: `import {name}` finds {found}", mend="give the file a name of its own"
        )
    return module


def _named(module: ModuleType, name: str) -> Any:
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            there = [key for key, value in vars(module).items() if isinstance(value, FastAPI)]
            raise Failure(
                f"{module.__name__} has no {name!r}",
                mend=f"the applications in it are: {', '.join(there)}" if there else None,
            )
        found = getattr(found, part)
    return found


def _made(found: Any, target: Target) -> Any:
    """The application itself: what a factory gives, else what was found."""
    if target.factory:
        try:
            found = found()
        except Exception as error:  # noqa: BLE001 - whatever the user's factory raises
            raise cannot_import(f"{target}()", error) from None
    elif isinstance(found, FastAPI):
        return found
    if not callable(found):
        raise Failure(f"{target} is no application but {type(found).__name__} {found!r:.80}")
    if inspect.isfunction(found) and not inspect.signature(found).parameters:
        raise Failure(f"{target} is a function without parameters", mend="if it makes the application, add --factory")
    return found


def _search(module: ModuleType) -> str | None:
    here = vars(module)
    names = [*(name for name in _USUAL if name in here), *here]
    return next((name for name in names if isinstance(here[name], FastAPI)), None)


def _nothing_in(module: ModuleType) -> Failure:
    where = shown(Path(module.__file__)) if module.__file__ else module.__name__
    here = vars(module)
    genuine = next((name for name, value in here.items() if _is_genuine(value)), None)
    if genuine is not None:
        mend = "add --as-fastapi, or import from `vivace` instead of `fastapi`"
        return Failure(f"{where} has no Vivace application: `{genuine}` is one of the genuine fastapi", mend=mend)
    factory = next((name for name, value in here.items() if _makes_one(name, value)), None)
    if factory is not None:
        mend = f"vivace run {module.__name__}:{factory} --factory"
    else:
        mend = "write `app = FastAPI()` in it, or name the application with --app"
    return Failure(f"{where} has no FastAPI application", mend=mend)


def _is_genuine(value: Any) -> bool:
    return any(c.__module__ == "fastapi.applications" and c.__name__ == "FastAPI" for c in type(value).__mro__)


def _makes_one(name: str, value: Any) -> bool:
    return inspect.isfunction(value) and name in ("create_app", "make_app", "get_app", "build_app", "app_factory")
