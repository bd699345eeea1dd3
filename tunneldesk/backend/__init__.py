"""The paired server: the tunnels API, its database, its edge and a stand-in for cloudflared.

It is a stranger to the rest of TunnelDesk and shares no code with the client, so that a contract test between the
two can catch either one drifting. Both are held to ``resources/openapi.yaml``.

From the outside in: ``__main__`` reads the switches, ``server`` puts the parts together and runs them, ``app``
lists the routes, ``endpoint`` turns a request into an answer, ``tunnels``, ``sign_in`` and ``control`` are what
the routes do, ``identity`` stands in for the provider that people sign in with, ``leases`` tidies up behind them,
and ``store``, ``accounts``, ``logins`` and ``sessions`` remember it all in the database.
"""
