"""Which module is meant, told from the files alone."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Project
from vivace.cli.failure import Failure
from vivace.cli.target import find_target


@pytest.mark.parametrize(
    ("files", "module"),
    [
        (["main.py", "app.py", "api.py"], "main"),
        (["app.py", "api.py", "app/main.py"], "app"),
        (["api.py", "app/main.py"], "api"),
        (["app/main.py", "app/app.py"], "main"),
        (["app/__init__.py", "app/main.py"], "app.main"),
        (["app/__init__.py", "app/api.py"], "app.api"),
    ],
)
def test_without_a_target_the_usual_files_are_looked_for(project: Project, files: list[str], module: str) -> None:
    project(dict.fromkeys(files, ""))
    assert find_target(None).modules == (module,)


def test_a_file_in_a_package_is_imported_from_around_the_outermost_package(project: Project) -> None:
    folder = project({"src/shop/__init__.py": "", "src/shop/web/__init__.py": "", "src/shop/web/server.py": ""})
    target = find_target("src/shop/web/server.py")
    assert (target.modules, target.root) == (("shop.web.server",), folder / "src")


def test_a_file_outside_a_package_is_imported_from_its_folder(project: Project) -> None:
    folder = project({"examples/hello/app.py": ""})
    target = find_target("examples/hello/app.py")
    assert (target.modules, target.root, target.name) == (("app",), folder / "examples/hello", None)


def test_a_name_may_follow_a_file_or_a_module(project: Project) -> None:
    folder = project({"web/app.py": ""})
    by_file, by_module = find_target("web/app.py:site"), find_target("web.app:site.inner")
    assert (by_file.modules, by_file.root, by_file.name) == (("app",), folder / "web", "site")
    assert (by_module.modules, by_module.root, by_module.name) == (("web.app",), folder, "site.inner")
    assert find_target("web/app.py", "site") == by_file


def test_a_folder_is_a_package_or_has_one_of_the_usual_files(project: Project) -> None:
    folder = project({"shop/__init__.py": "", "shop/api.py": "", "plain/api.py": "", "plain/app.py": ""})
    package, plain = find_target("shop"), find_target("plain")
    assert (package.modules, package.root) == (("shop", "shop.api"), folder)
    assert (plain.modules, plain.root) == (("app",), folder / "plain")


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ('[tool.fastapi]\nentrypoint = "shop.web:app"', "shop.web"),
        ('[tool.vivace]\nentrypoint = "shop.api:app"\n[tool.fastapi]\nentrypoint = "shop.web:app"', "shop.api"),
        ("[tool.other]\nx = 1", "main"),
    ],
)
def test_pyproject_names_the_application(project: Project, text: str, module: str) -> None:
    project({"pyproject.toml": text, "main.py": ""})
    assert find_target(None).modules == (module,)
    assert find_target("main.py").modules == find_target(None, "app").modules == ("main",)


def test_entrypoint_says_all(project: Project) -> None:
    project({"pyproject.toml": '[tool.fastapi]\nentrypoint = "shop.web:app"'})
    assert str(find_target(None, entrypoint="a.b:c")) == "a.b:c"


@pytest.mark.parametrize(
    ("arguments", "message", "mend"),
    [
        ((None,), "There is none of main.py, app.py, api.py, app/main.py, app/app.py, app/api.py here", "entrypoint"),
        (("nowhere.py",), "Path does not exist nowhere.py", "there are other.py"),
        (("nowhere/x.py",), "Path does not exist nowhere/x.py", ""),
        (("empty",), "empty has none of main.py, app.py, api.py", "name the file"),
        (("main:app", "app"), "main:app names the application already", ""),
        (("1:2",), "TARGET is '1:2': it has to be like `package.module:app`", ""),
        (("main.py", None, "main:app"), "--entrypoint says all", ""),
        ((None, None, "main"), "--entrypoint is 'main': it has to be like `package.module:app`", ""),
    ],
)
def test_what_can_not_be_meant_is_refused(project: Project, arguments: tuple[str], message: str, mend: str) -> None:
    project({"other.py": "", "empty/x.txt": ""})
    with pytest.raises(Failure) as failure:
        find_target(*arguments)
    assert message in failure.value.message
    assert mend in (failure.value.mend or "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.vivace", "pyproject.toml can't be read: Expected"),
        ("[tool.vivace]\nentrypoint = 3", "entrypoint under [tool.vivace] in pyproject.toml is '3'"),
    ],
)
def test_a_broken_pyproject_is_named(project: Project, text: str, message: str) -> None:
    project({"pyproject.toml": text})
    with pytest.raises(Failure) as failure:
        find_target(None)
    assert message in failure.value.message
