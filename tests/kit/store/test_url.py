"""From a URL to a store, and what is said where there is none."""

from __future__ import annotations

import sys

import pytest

from vivace.kit.extras import MissingExtra, import_extra
from vivace.kit.store import Store


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "A store's URL is memory://, sqlite:///file.db or redis://host:6379/0; the scheme '' is not known"),
        ("mysql://user:s3cret@host/db", "the scheme 'mysql' is not known"),
        ("sqlite://store.db", "write sqlite:///relative.db or sqlite:////absolute/file.db"),
        ("sqlite:///", "write sqlite:///relative.db"),
        ("sqlite:///:memory:", r"\(or memory://\)"),
        ("memory://?max_entires=5", "unknown option 'max_entires'; there are max_entries, max_bytes"),
        ("memory://?max_entries=many", "options are numbers"),
        ("memory://?max_entries=0", "options are numbers above 0"),
        ("sqlite:///a.db?timeout=", "options are numbers"),
        ("redis://host:port/0", "port"),
        ("redis://host/0?socket_timeout=soon", "socket_timeout"),
    ],
)
def test_a_url_that_is_not_understood_says_what_to_write(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Store.from_url(url)
    assert "s3cret" not in str(caught.value)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(MissingExtra) as caught:
        Store.from_url("redis://localhost")
    expected = "A redis:// store needs the package 'redis'. Install it with: pip install 'vivace[store]'"
    assert str(caught.value) == expected


def test_a_package_that_is_there_but_broken_tells_its_own_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    (tmp_path / "broken_package.py").write_text("import a_module_that_is_not_there")  # type: ignore[operator]
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_module_that_is_not_there") as caught:
        import_extra("broken_package", extra="store", needed_for="A test")
    assert not isinstance(caught.value, MissingExtra)


def test_a_store_shows_where_it_is_without_connecting() -> None:
    assert repr(Store.from_url("memory://").namespace("a b")) == "<Store memory:// vivace/a%20b>"
    assert repr(Store.from_url("redis://me:s3cret@host:1/2")) == "<Store redis://host:1/2 vivace>"
