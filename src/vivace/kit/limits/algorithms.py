"""The three ways to count, each a step of the store: in Python for memory and SQLite, in Lua for Redis.

Arguments: limit, window (ms), capacity, cost. Result: whether it passes (1 or 0), what remains, in how many ms all is
there again, in how many ms the same cost would pass (-1: never). What does not pass costs nothing.

All are whole numbers, so that Python and Lua compute the same. A store's clock may be set back: what lies in the future
then is taken for now and written down so, lest somebody is locked out for longer than a window or two.
"""

from __future__ import annotations

from vivace.kit.limits.rate import Algorithm
from vivace.kit.store import Entry, Outcome, Step

Verdict = list[int]
_MS = 1000  # microseconds


def _numbers(entry: Entry | None, count: int) -> list[int]:
    return [0] * count if entry is None else [*map(int, entry.value.split())]


def _kept(now: int, ttl_ms: int, *numbers: int) -> Entry:
    return Entry(_FORMS[len(numbers)] % numbers, now + max(ttl_ms, 1) * _MS)


_FORMS = {2: b"%d %d", 3: b"%d %d %d"}


# What each script begins with.
_LUA = """
    local limit, window, capacity, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
    local ms = math.floor(now / 1000)
    local state = {}
    for word in string.gmatch(redis.call('GET', KEYS[1]) or '', '%S+') do state[#state + 1] = tonumber(word) end
    local function keep_for(ttl, ...)
        local words = {}
        for i, number in ipairs({...}) do words[i] = string.format('%.0f', number) end
        put(table.concat(words, ' '), math.max(ttl, 1) * 1000)
    end
    local function ceil_div(a, b) return math.floor((a + b - 1) / b) end
"""


# -- a window that begins with the first request: used, end (ms)


def _fixed(entry: Entry | None, now: int, limit: int, window: int, _capacity: int, cost: int) -> Outcome[Verdict]:
    ms = now // _MS
    used, end = _numbers(entry, 2)
    if end <= ms:
        used, end = 0, ms + window
    if end > ms + window:  # the clock was set back
        end = ms + window
        entry = _kept(now, window, used, end)
    if used + cost > limit:
        return Outcome([0, max(limit - used, 0), end - ms, -1 if cost > limit else end - ms], entry)
    used += cost
    return Outcome([1, limit - used, end - ms, 0], _kept(now, end - ms, used, end))


_FIXED = Step[Verdict](
    apply=_fixed,
    lua=_LUA
    + """
    local used, stop = state[1] or 0, state[2] or 0
    if stop <= ms then used, stop = 0, ms + window end
    if stop > ms + window then stop = ms + window; keep_for(window, used, stop) end
    if used + cost > limit then
        return {0, math.max(limit - used, 0), stop - ms, cost > limit and -1 or stop - ms}
    end
    used = used + cost
    keep_for(stop - ms, used, stop)
    return {1, limit - used, stop - ms, 0}
    """,
)


# -- windows by the clock, the one before weighed by how much of it still counts: start (ms), before, used


def _sliding(entry: Entry | None, now: int, limit: int, window: int, _capacity: int, cost: int) -> Outcome[Verdict]:
    ms = now // _MS
    elapsed = ms % window
    start = ms - elapsed
    began, before, used = _numbers(entry, 3)
    if began == start - window:
        before, used = used, 0
    elif began < start:
        before, used = 0, 0
    if began > start:  # the clock was set back
        entry = _kept(now, 2 * window - elapsed, start, before, used)
    counted = used - (-before * (window - elapsed) // window) if before else used
    if counted + cost > limit:
        wait = _until_room(limit - cost, window, before, used, elapsed)
        return Outcome([0, max(limit - counted, 0), window - elapsed, wait], entry)
    used += cost
    entry = _kept(now, 2 * window - elapsed, start, before, used)
    return Outcome([1, limit - counted - cost, window - elapsed, 0], entry)


def _until_room(room: int, window: int, before: int, used: int, elapsed: int) -> int:
    """Milliseconds until no more than `room` counts: within this window, or within the next one."""
    if room < 0:
        return -1
    if used <= room and before:
        return max(window - (room - used) * window // before - elapsed, 1)
    return 2 * window - elapsed - room * window // used


_SLIDING = Step[Verdict](
    apply=_sliding,
    lua=_LUA
    + """
    local start = math.floor(ms / window) * window
    local began, before, used = state[1] or 0, state[2] or 0, state[3] or 0
    if began == start - window then before, used = used, 0
    elseif began < start then before, used = 0, 0 end
    local elapsed = ms - start
    if began > start then keep_for(2 * window - elapsed, start, before, used) end
    local counted = used + ceil_div(before * (window - elapsed), window)
    if counted + cost > limit then
        local room, wait = limit - cost, -1
        if room >= 0 then
            if used <= room and before > 0 then
                wait = math.max(window - math.floor((room - used) * window / before) - elapsed, 1)
            else
                wait = 2 * window - elapsed - math.floor(room * window / used)
            end
        end
        return {0, math.max(limit - counted, 0), window - elapsed, wait}
    end
    used = used + cost
    keep_for(2 * window - elapsed, start, before, used)
    return {1, limit - counted - cost, window - elapsed, 0}
    """,
)


# -- a bucket that holds `capacity` and is refilled with `limit` in a window: level (units times window), time (ms)


def _bucket(entry: Entry | None, now: int, limit: int, window: int, capacity: int, cost: int) -> Outcome[Verdict]:
    ms = now // _MS
    full, price = capacity * window, cost * window
    level, last = _numbers(entry, 2) if entry is not None else (full, ms)
    level = min(full, level + max(ms - last, 0) * limit)
    passes = level >= price
    if passes:
        level -= price
    until_full = -((level - full) // limit)
    wait = 0 if passes else -1 if price > full else -((level - price) // limit)
    verdict = [int(passes), level // window, until_full, wait]
    return Outcome(verdict, _kept(now, until_full, level, ms) if passes or last > ms else entry)


_BUCKET = Step[Verdict](
    apply=_bucket,
    lua=_LUA
    + """
    local full, price = capacity * window, cost * window
    local level, last = state[1] or full, state[2] or ms
    level = math.min(full, level + math.max(ms - last, 0) * limit)
    local passes = level >= price
    if passes then level = level - price end
    local until_full = ceil_div(full - level, limit)
    local wait = passes and 0 or price > full and -1 or ceil_div(price - level, limit)
    if passes or last > ms then keep_for(until_full, level, ms) end
    return {passes and 1 or 0, math.floor(level / window), until_full, wait}
    """,
)

STEPS: dict[Algorithm, Step[Verdict]] = {"fixed": _FIXED, "sliding": _SLIDING, "bucket": _BUCKET}
