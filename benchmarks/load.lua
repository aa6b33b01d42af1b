-- One fixed request for wrk, and its figures as one line of JSON.
-- wrk … -s load.lua URL -- METHOD [BODY_FILE [UNIQUE_HEADER, which has another value each time]]

function init(args)
   wrk.method = args[1]
   if args[2] then
      local file = assert(io.open(args[2], "rb"))
      wrk.body = file:read("*a")
      file:close()
   end
   if args[3] then
      local run, number = os.time() .. "-" .. math.floor(os.clock() * 1e9) .. "-", 0
      request = function()
         number = number + 1
         wrk.headers[args[3]] = run .. number
         return wrk.format()
      end
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
