"""The steps of the store by which refresh tokens rotate: each decides in one go, so that of many at once one wins.

A record is `current before rotated end`, a line break, and what the family is about, which is not looked at here.
`current` and `before` are digests (`-`: none), `rotated` and `end` microseconds by the store's clock.
"""

from __future__ import annotations

from vivace.kit.store import Entry, Outcome, Step

ROTATED, GONE, IN_GRACE, REUSED = 1, 0, 2, 3


def _begin(_: Entry | None, now: int, digest: bytes, idle: int, lifetime: int, about: bytes) -> Outcome[int]:
    record = b"%s - %d %d\n%s" % (digest, now, now + lifetime, about)
    return Outcome(1, Entry(record, now + min(idle, lifetime)))


BEGIN = Step[int](
    apply=_begin,
    lua="""
        local idle, lifetime = tonumber(ARGV[2]), tonumber(ARGV[3])
        local head = ARGV[1] .. ' - ' .. string.format('%.0f %.0f', now, now + lifetime)
        put(head .. '\\n' .. ARGV[4], math.min(idle, lifetime))
        return 1
    """,
)


def _rotate(entry: Entry | None, now: int, given: bytes, new: bytes, idle: int, grace: int) -> Outcome[int]:
    if entry is None:
        return Outcome(GONE, None)
    head, _, about = entry.value.partition(b"\n")
    current, before, rotated, end = head.split(b" ")
    if given == current:
        if int(end) <= now:
            return Outcome(GONE, None)
        record = b"%s %s %d %s\n%s" % (new, current, now, end, about)
        return Outcome(ROTATED, Entry(record, now + min(idle, int(end) - now)))
    if given == before and now - int(rotated) < grace:
        return Outcome(IN_GRACE, entry)
    return Outcome(REUSED, None)


# Who holds a token of a family knows the family's secret: one that fits neither place was there once, and comes again.
ROTATE = Step[int](
    apply=_rotate,
    lua="""
        local value = redis.call('GET', KEYS[1])
        if not value then return 0 end
        local current, before, rotated, stop, about = string.match(value, '^(%S+) (%S+) (%d+) (%d+)\\n(.*)$')
        if ARGV[1] == current then
            local left = tonumber(stop) - now
            if left <= 0 then drop(); return 0 end
            local head = ARGV[2] .. ' ' .. current .. ' ' .. string.format('%.0f', now) .. ' ' .. stop
            put(head .. '\\n' .. about, math.min(tonumber(ARGV[3]), left))
            return 1
        end
        if ARGV[1] == before and now - tonumber(rotated) < tonumber(ARGV[4]) then return 2 end
        drop()
        return 3
    """,
)
