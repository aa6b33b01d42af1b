"""The programs on the pages of the documentation run.

The Python blocks of a page are one program, in their order; `await` may stand at their top level. A block that is
not to be run is marked ```` ```py ````. What fails is told by the page's own line numbers.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import pytest

from tests.servers import ROOT

DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^( *)```python\b[^\n]*\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)

PAGES = [path for path in sorted(DOCS.rglob("*.md")) if _BLOCK.search(path.read_text())]


def blocks(text: str) -> list[str]:
    """Each block, with as many empty lines before it as there are lines above it on the page."""
    found = _BLOCK.finditer(text)
    return ["\n" * text.count("\n", 0, block.start(2)) + textwrap.dedent(block[2]) for block in found]


def run_page(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", module)  # where annotations are looked up
    for block in blocks(page.read_text()):
        code = compile(block, str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        result = eval(code, vars(module))
        if inspect.iscoroutine(result):
            asyncio.run(result)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_the_programs_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(page, monkeypatch)


def test_a_program_that_fails_is_told_by_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n\n```python\nnumber = 1\n```\n\n- in a list:\n\n    ```python\n    assert number == 2\n    ```\n"
    )
    with pytest.raises(AssertionError) as caught:
        run_page(page, monkeypatch)
    assert caught.traceback[-1].lineno == 9


def test_failure_modes_name_tests_that_there_are() -> None:
    """Tables of failure modes link each line to its test, as `tests/…::test_name`."""
    named = [
        name for page in DOCS.rglob("*.md") for name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text())
    ]
    assert named
    missing = [f"{path}::{test}" for path, test in named if f"def {test}(" not in (ROOT / path).read_text()]
    assert not missing
