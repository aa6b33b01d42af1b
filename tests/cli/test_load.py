"""The application in a module; and what is wrong with it, in its author's own lines."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest

from tests.cli.conftest import HELLO, Project
from vivace import FastAPI
from vivace.cli.failure import Failure
from vivace.cli.load import load
from vivace.cli.target import find_target

MAKES = "from vivace import FastAPI\n"


def loaded(named: str, name: str | None = None, **more: Any) -> tuple[str, Any]:
    return load(replace(find_target(named, name), **more))


def failure(named: str, name: str | None = None, **more: Any) -> Failure:
    with pytest.raises(Failure) as raised:
        loaded(named, name, **more)
    return raised.value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("zed = FastAPI()\napp = FastAPI()\napi = FastAPI()", "app"),
        ("zed = FastAPI()\napp = 3\napi = FastAPI()", "api"),
        ("app = 3\nzed = FastAPI()\nyet = FastAPI()", "zed"),
    ],
)
def test_the_usual_names_come_first(project: Project, text: str, name: str) -> None:
    project({"web1.py": MAKES + text})
    found, app = loaded("web1.py")
    assert found == f"web1:{name}"
    assert app is vars(sys.modules["web1"])[name]


def test_a_package_that_has_none_is_asked_for_its_usual_files(project: Project) -> None:
    project({"shop1/__init__.py": "", "shop1/main.py": "", "shop1/api.py": HELLO})
    assert loaded("shop1")[0] == "shop1.api:app"


def test_any_application_may_be_named(project: Project) -> None:
    project({"web2.py": "class Holder:\n    async def app(scope, receive, send): ...\n"})
    found, app = loaded("web2:Holder.app")
    assert found == "web2:Holder.app"
    assert callable(app)


def test_a_factory_is_called(project: Project) -> None:
    project({"web3.py": MAKES + "def create_app():\n    return FastAPI(title='made')\n"})
    _, app = loaded("web3:create_app", factory=True)
    assert isinstance(app, FastAPI)
    assert app.title == "made"


def test_the_users_own_lines_are_shown_and_no_others(project: Project) -> None:
    project(
        {
            "web4.py": "import helper4\nhelper4.begin()\n",
            "helper4.py": "import json\ndef begin():\n    json.loads('{')\n",
        }
    )
    error = failure("web4.py")
    assert error.message.startswith("web4.py can't be imported: json.decoder.JSONDecodeError: Expecting property name")
    assert error.lines == ["web4.py:2, in <module>: helper4.begin()", "helper4.py:3, in begin: json.loads('{')"]
    assert error.mend is None


def test_a_syntax_error_is_shown_where_it_is(project: Project) -> None:
    folder = project({"web5.py": "x = 1\napp = FastAPI(\n"})
    error = failure("web5.py")
    assert error.message == "web5.py can't be imported: SyntaxError: '(' was never closed"
    assert error.lines[0] == f'File "{folder / "web5.py"}", line 2'
    assert error.lines[1].strip() == "app = FastAPI("


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("import nothing_such", "install the package that has `nothing_such`"),
        ("import helpers6", "`helpers6` is in this folder: start where the imports begin"),
        ("from . import x", "put an __init__.py beside the file"),
        ("raise ModuleNotFoundError(name='fastapi.routing')", "add --as-fastapi"),
        ("raise ModuleNotFoundError(name='itsdangerous')", "pip install 'vivace[standard]'"),
        ("raise ModuleNotFoundError(name='email_validator')", "pip install 'vivace[standard]'"),
        ("raise ModuleNotFoundError(name='yaml')", "pip install 'vivace[standard]'"),
    ],
)
def test_an_import_that_fails_has_its_mend(project: Project, text: str, mend: str) -> None:
    project({"sub/web6.py": text, "helpers6/x.py": ""})
    error = failure("sub/web6.py")
    assert mend in (error.mend or "")
    assert error.lines == [f"sub/web6.py:1, in <module>: {text}"]


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("x = 3", "has no FastAPI application", "write `app = FastAPI()` in it"),
        ("def create_app(): ...", "has no FastAPI application", "vivace run web7:create_app --factory"),
        ("from fastapi import FastAPI\napp = FastAPI()", "`app` is one of the genuine fastapi", "add --as-fastapi"),
    ],
)
def test_a_module_without_an_application(project: Project, text: str, message: str, mend: str) -> None:
    project({"web7.py": text})
    error = failure("web7.py")
    assert error.message.startswith("web7.py has no")
    assert message in error.message
    assert mend in (error.mend or "")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("web8:nope", "web8 has no 'nope'"),
        ("web8:x", "web8:x is no application but int 3"),
        ("web8:make", "web8:make is a function without parameters"),
        ("nowhere8.web:app", "There is no module 'nowhere8' in . or installed"),
    ],
)
def test_a_name_that_is_no_application(project: Project, named: str, message: str) -> None:
    project({"web8.py": MAKES + "x = 3\nsite = FastAPI()\ndef make(): ...\n"})
    assert failure(named).message == message


def test_the_applications_that_there_are_are_named(project: Project) -> None:
    project({"web9.py": MAKES + "site = FastAPI()\n"})
    assert failure("web9.py", "app").mend == "the applications in it are: site"


def test_a_factory_that_fails_is_shown_in_its_own_lines(project: Project) -> None:
    project({"web10.py": "def make():\n    raise ValueError('no settings')\n"})
    error = failure("web10:make", factory=True)
    assert error.message == "web10:make() can't be imported: ValueError: no settings"
    assert error.lines == ["web10.py:2, in make: raise ValueError('no settings')"]


def test_a_file_with_the_name_of_another_module(project: Project) -> None:
    project({"json.py": HELLO})
    error = failure("json.py")
    assert error.message.startswith("json.py can't be imported: `import json` finds ")
    assert error.mend == "give the file a name of its own"
