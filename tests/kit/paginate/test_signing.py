"""Tokens that nobody else can make or change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivace.kit.paginate import Cursors
from vivace.kit.paginate.signing import Signer

KEY, OTHER = "0123456789abcdef-old", "0123456789abcdef-new"


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_what_is_signed_is_read_again(content: object) -> None:
    assert Signer(KEY).read(Signer(KEY).sign(content)) == content


@given(st.data())
def test_a_token_with_any_character_changed_is_none(data: st.DataObject) -> None:
    signer = Signer(KEY)
    token = signer.sign([1, "order", ["x"]])
    place = data.draw(st.integers(0, len(token) - 2))  # the last may have bits that stand for nothing
    changed = data.draw(st.sampled_from("abcXYZ019-_!é ").filter(lambda c: c != token[place]))
    with pytest.raises(ValueError, match=r"no token|not signed by us"):
        signer.read(token[:place] + changed + token[place + 1 :])


@given(st.text(max_size=60))
def test_whatever_else_is_sent_is_no_token(text: str) -> None:
    with pytest.raises(ValueError, match=r"no token|not signed by us"):
        Signer(KEY).read(text)


def test_keys_are_exchanged_one_after_the_other() -> None:
    token = Signer(KEY).sign(1)
    assert Signer(OTHER, KEY).read(token) == 1
    with pytest.raises(ValueError, match="not signed by us"):
        Signer(OTHER).read(token)
    assert Signer(OTHER).read(Signer(OTHER, KEY).sign(1)) == 1


@pytest.mark.parametrize("keys", [(), ("short",), (KEY, b"short")])
def test_a_weak_key_is_refused_without_being_shown(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="16 bytes or more") as told:
        Cursors(*keys)
    assert "short" not in str(told.value)


def test_a_key_is_in_no_representation() -> None:
    cursors = Cursors(KEY)
    assert KEY not in repr(cursors) + repr(vars(cursors)) + repr(vars(cursors._signer))
