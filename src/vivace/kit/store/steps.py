"""The steps that every store has: compare-and-set and counters."""

from __future__ import annotations

from vivace.kit.store.step import Entry, Outcome, Step, expiry

MAX_COUNTER = 2**53 - 1  # what Lua's numbers hold exactly
_DIGITS = len(str(MAX_COUNTER))


def _compare_and_set(
    entry: Entry | None, now: int, is_expected: int, expected: bytes, is_value: int, value: bytes, ttl: int
) -> Outcome[int]:
    current = None if entry is None else entry.value
    if current != (expected if is_expected else None):
        return Outcome(0, entry)
    return Outcome(1, Entry(value, expiry(now, ttl or None)) if is_value else None)


COMPARE_AND_SET = Step[int](
    apply=_compare_and_set,
    lua="""
        local current = redis.call('GET', KEYS[1])
        if ARGV[1] == '1' then
            if current ~= ARGV[2] then return 0 end
        elseif current then
            return 0
        end
        if ARGV[3] == '1' then put(ARGV[4], tonumber(ARGV[5])) else drop() end
        return 1
    """,
)


def _increment(entry: Entry | None, now: int, by: int, ttl: int) -> Outcome[int | None]:
    count = by
    if entry is not None:
        digits = entry.value.removeprefix(b"-")
        if not (digits.isdigit() and len(digits) <= _DIGITS):
            return Outcome(None, entry)
        count += int(entry.value)
    if abs(count) > MAX_COUNTER:
        return Outcome(None, entry)
    expires = expiry(now, ttl or None) if entry is None else entry.expires
    return Outcome(count, Entry(b"%d" % count, expires))


# None where the value is not a counter or would leave its range. A counter that exists keeps the time it ends at.
INCREMENT = Step[int | None](
    apply=_increment,
    lua="""
        local current = redis.call('GET', KEYS[1])
        local count = tonumber(ARGV[1])
        if current then
            local digits = string.match(current, '^-?(%d+)$')
            if not digits or #digits > 16 then return nil end
            count = count + tonumber(current)
        end
        if math.abs(count) > 9007199254740991 then return nil end
        local text = string.format('%.0f', count)
        if current then keep(text) else put(text, tonumber(ARGV[2])) end
        return tonumber(text)
    """,
)
