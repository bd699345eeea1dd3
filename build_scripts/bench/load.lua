-- What wrk sends and says. Called as `wrk ... -- FILE`: a request a line, its parts apart by tabs:
-- method, path, Host, bearer token, JSON body; the last three may be empty. They are sent in turn, from the first.
-- In the end it says one line of JSON: how many, in which time, how long each (milliseconds), and how many failed.

local requests = {}
local turn = 0

local function part(line, at)
  local tab = line:find("\t", at, true)
  return line:sub(at, tab - 1), tab + 1
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, host, token
    local at = 1
    method, at = part(line, at)
    path, at = part(line, at)
    host, at = part(line, at)
    token, at = part(line, at)
    local body = line:sub(at)
    local headers = {}
    if host ~= "" then headers["Host"] = host end
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    if body ~= "" then headers["Content-Type"] = "application/json" end
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"count": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
