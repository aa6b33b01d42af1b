"""The three ways to count, each a step of the store: a tally in Python for memory and SQLite, and a script for Redis.

Arguments: limit, window (ms), capacity, cost. Result: whether it passes (1 or 0), what remains, in how many ms all is
there again, in how many ms the same cost would pass (-1: never). What does not pass costs nothing.

All are whole numbers, so that Python and Lua compute the same. A store's clock may be set back: what lies in the future
then is taken for now and written down so, lest somebody is locked out for longer than a window or two.
"""

from __future__ import annotations

from vivace.kit.limits.rate import Algorithm
from vivace.kit.store import Step, Tally

Verdict = list[int]
_MS = 1000  # microseconds

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


class Fixed(Tally):
    __slots__ = numbers = ("used", "end")
    used: int
    end: int

    def change(self, now: int, limit: int, window: int, _capacity: int, cost: int) -> Verdict:
        ms = now // _MS
        used, end = self.used, self.end
        if end <= ms:
            used, end = 0, ms + window
        if end > ms + window:  # the clock was set back
            self.end = end = ms + window
            self.expires = now + window * _MS
        if used + cost > limit:
            return [0, max(limit - used, 0), end - ms, -1 if cost > limit else end - ms]
        self.used = used = used + cost
        if end != self.end:
            self.end, self.expires = end, now + window * _MS
        return [1, limit - used, end - ms, 0]


_FIXED = Step[Verdict].of_tally(
    Fixed,
    _LUA
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


class Sliding(Tally):
    __slots__ = numbers = ("start", "before", "used")
    start: int
    before: int
    used: int

    def change(self, now: int, limit: int, window: int, _capacity: int, cost: int) -> Verdict:
        ms = now // _MS
        elapsed = ms % window
        start, before, used = ms - elapsed, self.before, self.used
        if start != self.start:
            before, used = self._moved_on(start, window)
        counted = used - (-before * (window - elapsed) // window) if before else used
        if counted + cost > limit:
            wait = _until_room(limit - cost, window, before, used, elapsed)
            return [0, max(limit - counted, 0), window - elapsed, wait]
        self.used = used + cost
        if start != self.start or not self.expires:
            self.start, self.before, self.expires = start, before, (start + 2 * window) * _MS
        return [1, limit - counted - cost, window - elapsed, 0]

    def _moved_on(self, start: int, window: int) -> tuple[int, int]:
        """What is counted in the window before, and in the one that begins at `start`."""
        if self.start > start:  # the clock was set back
            self.start, self.expires = start, (start + 2 * window) * _MS
        elif self.start == start - window:
            return self.used, 0
        elif self.start < start:
            return 0, 0
        return self.before, self.used


def _until_room(room: int, window: int, before: int, used: int, elapsed: int) -> int:
    """Milliseconds until no more than `room` counts: within this window, or within the next one."""
    if room < 0:
        return -1
    if used <= room and before:
        return max(window - (room - used) * window // before - elapsed, 1)
    return 2 * window - elapsed - room * window // used


_SLIDING = Step[Verdict].of_tally(
    Sliding,
    _LUA
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


class Bucket(Tally):
    __slots__ = numbers = ("level", "last")
    level: int
    last: int

    def change(self, now: int, limit: int, window: int, capacity: int, cost: int) -> Verdict:
        ms = now // _MS
        full, price = capacity * window, cost * window
        passed = ms - self.last if self.expires else 0
        level = min(full, self.level + max(passed, 0) * limit) if self.expires else full
        passes = level >= price
        if passes:
            level -= price
        until_full = -((level - full) // limit)
        wait = 0 if passes else -1 if price > full else -((level - price) // limit)
        if passes or passed < 0:
            self.level, self.last, self.expires = level, ms, now + max(until_full, 1) * _MS
        return [int(passes), level // window, until_full, wait]


_BUCKET = Step[Verdict].of_tally(
    Bucket,
    _LUA
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
