"""Password hashing: argon2id, off the event loop, the same work whether there is such a user or not."""

from __future__ import annotations

import os
import secrets

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from vivace.kit.auth.stored import logger

LONGEST_PASSWORD = 4096  # bytes: beyond, nobody typed it


class Passwords:
    """Hashes and verifies passwords.

    Args:
        hasher: pwdlib's, for other parameters or to verify older kinds of hashes; by default argon2id with the
            parameters that argon2-cffi recommends (RFC 9106: 64 MiB, 3 passes, 4 lanes).
        at_once: how many are hashed at once, each with that much memory; by default one for each CPU.
    """

    def __init__(self, hasher: PasswordHash | None = None, *, at_once: int | None = None) -> None:
        self._hasher = hasher or PasswordHash((Argon2Hasher(),))
        self._at_once = at_once or os.cpu_count() or 1
        self._limiter: CapacityLimiter | None = None
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """A hash to keep, with its salt and parameters in it.

        Raises:
            ValueError: the password is empty, or longer than 4096 bytes.
        """
        if not 0 < len(_bytes(password)) <= LONGEST_PASSWORD:
            raise ValueError(f"A password has 1 to {LONGEST_PASSWORD} bytes")
        return await to_thread.run_sync(self._hash, password, limiter=self._limit())

    async def verify(self, password: str, hash: str | None) -> tuple[bool, str | None]:
        """Whether the password is right; and, if its hash is of an older kind, another to keep in its place.

        `hash=None` stands for a user that there is not: a decoy is verified, and the answer is False.
        """
        return await to_thread.run_sync(self._verify, password, hash, limiter=self._limit())

    def _limit(self) -> CapacityLimiter:
        if self._limiter is None:  # made where a loop runs
            self._limiter = CapacityLimiter(self._at_once)
        return self._limiter

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))

    def _verify(self, password: str, hash: str | None) -> tuple[bool, str | None]:
        if self._decoy is None:  # before either branch: the first of all logins takes longer, whoever it is for
            self._decoy = self._hash(secrets.token_hex(16))
        given = _bytes(password)[: LONGEST_PASSWORD + 1]
        try:
            right, better = self._hasher.verify_and_update(given, hash or self._decoy)
        except UnknownHashError:
            logger.warning("A user's password hash is of a kind that is not known; no password fits it")
            self._hasher.verify(given, self._decoy)
            return False, None
        if not hash or len(given) > LONGEST_PASSWORD:
            return False, None
        return right, better


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
