"""`vivace.as_fastapi` in processes of its own, where the genuine fastapi is installed beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.socket


def run(code: str, *options: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-W", "error", *options, *(["-c", code] if code else [])]
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def succeeds(code: str) -> str:
    done = run(code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_modules_are_the_same_objects() -> None:
    succeeds("""if True:
        import vivace.as_fastapi
        import sys, fastapi, vivace
        import fastapi.security.oauth2, fastapi.routing as r
        from fastapi.testclient import TestClient
        from fastapi import FastAPI, params
        assert fastapi is vivace and r is vivace.routing and params is vivace.params
        assert FastAPI is vivace.FastAPI and TestClient is vivace.testclient.TestClient
        assert sys.modules["fastapi.security.oauth2"] is sys.modules["vivace.security.oauth2"]
        assert vivace.routing.__spec__.name == vivace.routing.__name__ == "vivace.routing"
    """)


def test_the_genuine_package_is_never_loaded() -> None:
    succeeds("""if True:
        import importlib.machinery, importlib.util, sys
        genuine = importlib.machinery.PathFinder.find_spec("fastapi").submodule_search_locations[0]
        import vivace.as_fastapi, pkgutil, fastapi
        names = [module.name for module in pkgutil.iter_modules([genuine]) if module.name != "__main__"]
        assert "routing" in names
        for name in names:
            try:
                importlib.import_module("fastapi." + name)
            except ModuleNotFoundError as error:
                assert error.name == "fastapi." + name, error
        loaded = [m for m in sys.modules.values() if str(getattr(m, "__file__", "")).startswith(genuine)]
        assert not loaded, loaded
    """)


def test_a_module_that_neither_has_is_not_found() -> None:
    succeeds("""if True:
        import vivace.as_fastapi
        try:
            import fastapi.nothing
        except ModuleNotFoundError as error:
            assert error.name == "fastapi.nothing", error
        else:
            raise AssertionError
    """)


def test_metadata_tells_the_version_that_vivace_is_the_same_as() -> None:
    succeeds("""if True:
        import vivace.as_fastapi, importlib.metadata as metadata
        import fastapi
        assert metadata.version("fastapi") == metadata.version("FastAPI") == fastapi.__version__ == "0.163.2"
        assert metadata.distribution("fastapi").metadata["Name"] == "fastapi"
        assert metadata.version("starlette")[0] == "1"
        assert any(d.name == "starlette" for d in metadata.distributions())
    """)


def test_the_version_is_that_of_the_oracle() -> None:
    assert succeeds("import fastapi; print(fastapi.__version__)").strip() == "0.163.2"


def test_exceptions_are_named_as_alerts_and_metrics_know_them() -> None:
    succeeds("""if True:
        import vivace.as_fastapi, pickle
        from vivace import HTTPException, exceptions
        assert f"{HTTPException.__module__}.{HTTPException.__qualname__}" == "fastapi.exceptions.HTTPException"
        assert exceptions.RequestValidationError.__module__ == "fastapi.exceptions"
        assert exceptions.StarletteHTTPException.__module__ == "starlette.exceptions"
        assert type(pickle.loads(pickle.dumps(HTTPException(404)))) is HTTPException
    """)
    assert succeeds("from vivace import HTTPException; print(HTTPException.__module__)") == "vivace.exceptions\n"


def test_importing_it_twice_or_again_under_the_other_name_changes_nothing() -> None:
    succeeds("""if True:
        import sys, importlib
        import vivace.as_fastapi
        before = list(sys.meta_path)
        import fastapi.as_fastapi
        importlib.reload(vivace.as_fastapi)
        importlib.reload(sys.modules["fastapi.params"])
        assert len(sys.meta_path) == len(before)
    """)


def test_too_late_is_one_clear_error() -> None:
    done = run("import fastapi, vivace.as_fastapi")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: The genuine fastapi (")
    assert "put `import vivace.as_fastapi` before the first import that leads to fastapi" in last


def test_as_a_pytest_plugin_also_in_the_workers_of_xdist(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import fastapi, vivace\n"
        "from fastapi.testclient import TestClient\n"
        "app = fastapi.FastAPI()\n"
        "app.get('/')(lambda: 'hi')\n"
        "def test_it():\n"
        "    assert fastapi is vivace\n"
        "    assert TestClient(app).get('/').json() == 'hi'\n"
    )
    for more in ([], ["-n", "1"]):
        plugins = ["-p", "no:cacheprovider", "-p", "vivace.as_fastapi"]
        done = run("", "-m", "pytest", "-q", *plugins, *more, folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_under_the_other_name_tells_failures_where_fastapi_s_does() -> None:
    done = run("""if True:
        import vivace.as_fastapi, runpy, sys
        sys.argv = ["fastapi", "run", "nowhere.py"]
        runpy.run_module("fastapi", run_name="__main__", alter_sys=True)
    """)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Path does not exist nowhere.py" in done.stdout


def test_a_process_that_has_not_asked_has_both() -> None:
    succeeds("import fastapi, vivace; assert fastapi is not vivace and vivace.__version__ != fastapi.__version__")
