"""What is given to clients to be sent back: signed, so that nobody can make one, or change it. It is not secret.

A token is base64url( the first 16 bytes of HMAC-SHA256(key, payload) + payload ), the payload JSON.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Any

from pydantic import SecretBytes, SecretStr

_SIGNATURE = 16  # bytes: 128 bits
_SHORTEST_KEY = 16  # bytes


class Signer:
    """Signs with the first key, and knows the signatures of all: put a new key in front, take the old one off later.

    Raises:
        ValueError: there is no key, or one is shorter than 16 bytes.
    """

    def __init__(self, *keys: str | bytes | SecretStr | SecretBytes) -> None:
        self._keys = tuple(SecretBytes(_bytes(key)) for key in keys)
        if not keys or any(len(key) < _SHORTEST_KEY for key in self._keys):
            raise ValueError(f"Give at least one key, each of {_SHORTEST_KEY} bytes or more: secrets.token_hex(32)")

    def sign(self, content: Any) -> str:
        """A token for what JSON can hold."""
        payload = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(_signature(self._keys[0], payload) + payload).rstrip(b"=").decode()

    def read(self, token: str) -> Any:
        """What was signed.

        Raises:
            ValueError: this is no token of ours.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("no token") from None
        signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not any(hmac.compare_digest(_signature(key, payload), signature) for key in self._keys):
            raise ValueError("not signed by us")
        return json.loads(payload)


def _bytes(key: str | bytes | SecretStr | SecretBytes) -> bytes:
    plain = key.get_secret_value() if isinstance(key, SecretStr | SecretBytes) else key
    return plain.encode() if isinstance(plain, str) else plain


def _signature(key: SecretBytes, payload: bytes) -> bytes:
    return hmac.digest(key.get_secret_value(), payload, "sha256")[:_SIGNATURE]
