-- One fixed request for wrk, and its figures as one line of JSON.   wrk … -s load.lua URL -- METHOD [BODY_FILE]

function init(args)
   wrk.method = args[1]
   if args[2] then
      local file = assert(io.open(args[2], "rb"))
      wrk.body = file:read("*a")
      file:close()
   end
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      'figures {"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, ' ..
      '"failed": {"status": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d}}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
      errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
