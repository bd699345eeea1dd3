"""The tunnels API as this side sees it: the only place that knows HTTP.

Everything comes in and goes out as domain values; whatever goes wrong leaves as an `ApiError`.
"""
