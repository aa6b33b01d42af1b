"""Password hashing by itself."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from pwdlib import PasswordHash

from tests.kit.auth.program import QUICK
from vivace.kit.auth import Passwords

pytestmark = pytest.mark.anyio


class Counting(PasswordHash):
    """Counts what is verified, and how many at once."""

    def __init__(self) -> None:
        super().__init__(QUICK.hashers)
        self.verified: list[str] = []
        self.running = self.most = 0
        self.lock = threading.Lock()

    def verify_and_update(self, password: Any, hash: Any) -> tuple[bool, str | None]:
        with self.lock:
            self.verified.append(hash)
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            return super().verify_and_update(password, hash)
        finally:
            with self.lock:
                self.running -= 1


async def test_by_default_it_is_argon2id_with_the_recommended_parameters() -> None:
    passwords = Passwords()
    kept = await passwords.hash("tea")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.verify("tea", kept) == (True, None)
    assert await passwords.verify("Tea", kept) == (False, None)


async def test_the_same_password_is_hashed_differently_each_time() -> None:
    passwords = Passwords(QUICK)
    assert await passwords.hash("tea") != await passwords.hash("tea")


async def test_a_hash_of_other_parameters_is_replaced_if_the_password_is_right() -> None:
    old = await Passwords().hash("tea")
    passwords = Passwords(QUICK)
    right, better = await passwords.verify("tea", old)
    assert right
    assert better is not None
    assert "m=8,t=1,p=1" in better
    assert await passwords.verify("coffee", old) == (False, None)


@pytest.mark.parametrize("password", ["", "x" * 4097, "é" * 2049])
async def test_what_is_no_password_is_not_hashed(password: str) -> None:
    with pytest.raises(ValueError, match="1 to 4096 bytes"):
        await Passwords(QUICK).hash(password)


@pytest.mark.parametrize("password", ["pässwörd", "\x00", "a\x00b", "🫖" * 1000, "\ud800"])
async def test_any_text_is_a_password(password: str) -> None:
    passwords = Passwords(QUICK)
    kept = await passwords.hash(password)
    assert (await passwords.verify(password, kept))[0]
    assert not (await passwords.verify(password + "x", kept))[0]


async def test_who_does_not_exist_costs_one_verification_like_everybody() -> None:
    counting = Counting()
    passwords = Passwords(counting)
    kept = await passwords.hash("tea")
    for known in (kept, None, ""):
        counting.verified.clear()
        await passwords.verify("coffee", known)
        assert len(counting.verified) == 1
    decoy = counting.verified[0]
    assert decoy != kept
    assert decoy.split("$")[:4] == kept.split("$")[:4], "the same parameters, and so the same work"


async def test_nobody_logs_in_with_the_decoy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vivace.kit.auth.passwords.secrets.token_hex", lambda _: "known")
    assert await Passwords(QUICK).verify("known", None) == (False, None)


async def test_a_hash_of_an_unknown_kind_fits_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert await Passwords(QUICK).verify("tea", "$2b$12$abcdefghijklmnopqrstuv") == (False, None)
    assert "abcdefgh" not in caplog.text
    assert "of a kind that is not known" in caplog.text


async def test_only_so_many_are_hashed_at_once() -> None:
    counting = Counting()
    passwords = Passwords(counting, at_once=2)
    await asyncio.gather(*(passwords.verify("tea", None) for _ in range(20)))
    assert 1 <= counting.most <= 2
