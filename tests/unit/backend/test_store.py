"""Tunnels and leases on a real SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend.names import Reference
from tunneldesk.backend.store import Created, LimitReached, NoFreeSlug

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.store import Store


def create(store: Store, user: str, slug: str, *, max_active: int = 5) -> Created:
    return store.create(user, 3000, [slug], max_active=max_active)


def test_no_secret_is_kept_in_the_clear(store: Store, database: sqlite3.Connection, ann: str) -> None:
    created = create(store, ann, "my-app")
    dump = "\n".join(database.iterdump()).encode()
    for secret in (created.secret, created.run_token):
        assert secret.encode() not in dump
        assert secret not in repr(created)


def test_a_tunnel_is_gone_for_everyone_when_its_lease_ends(store: Store, clock: Clock, ann: str, bob: str) -> None:
    created = create(store, ann, "my-app", max_active=1)
    clock.jump(60)
    assert store.route("my-app.tunnel.localhost") is None
    assert store.admit(created.id, created.secret) is None
    assert store.beat(created.id, ann) is None
    assert store.tunnels(ann) == []
    assert create(store, bob, "my-app").slug == "my-app"
    assert create(store, ann, "other", max_active=1).slug == "other"


def test_a_slug_is_free_at_once_without_anyone_looking_first(
    store: Store, clock: Clock, ann: str, bob: str
) -> None:
    create(store, ann, "my-app")
    clock.jump(60)
    assert create(store, bob, "my-app").slug == "my-app"


def test_an_ended_lease_is_told_with_the_time_it_ended(store: Store, clock: Clock, ann: str) -> None:
    create(store, ann, "my-app")
    ends_at = clock.now() + 60
    clock.jump(100)
    (tunnel,) = store.tunnels(ann, include_inactive=True)
    assert (tunnel.status, tunnel.stopped_at, tunnel.last_error) == ("stopped", ends_at, "LEASE_EXPIRED")


def test_a_heartbeat_starts_the_lease_anew(store: Store, clock: Clock, ann: str) -> None:
    created = create(store, ann, "my-app")
    clock.jump(59)
    assert store.beat(created.id, ann) == clock.now() + 60
    clock.jump(59)
    assert store.route("my-app.tunnel.localhost") is not None


def test_nobody_beats_for_somebody_else(store: Store, ann: str, bob: str) -> None:
    assert store.beat(create(store, ann, "my-app").id, bob) is None


def test_a_newer_server_revives_until_the_reaper_comes(lenient: Store, clock: Clock, ann: str) -> None:
    created = create(lenient, ann, "my-app", max_active=1)
    clock.jump(75)
    assert [tunnel.status for tunnel in lenient.tunnels(ann)] == ["active"]
    assert lenient.route("my-app.tunnel.localhost") is None
    with pytest.raises(LimitReached):
        create(lenient, ann, "other", max_active=1)
    assert lenient.beat(created.id, ann) == clock.now() + 60
    assert lenient.route("my-app.tunnel.localhost") is not None
    clock.jump(60)
    assert lenient.reap() == (1, 1)
    assert lenient.beat(created.id, ann) is None


def test_one_tunnel_too_many_says_how_many_there_are(store: Store, ann: str) -> None:
    for number in range(3):
        create(store, ann, f"app-{number}", max_active=3)
    with pytest.raises(LimitReached) as caught:
        create(store, ann, "app-3", max_active=3)
    assert caught.value.active == 3


def test_the_limit_is_told_before_the_conflict(store: Store, ann: str) -> None:
    create(store, ann, "my-app", max_active=1)
    with pytest.raises(LimitReached):
        create(store, ann, "my-app", max_active=1)


def test_a_stopping_tunnel_holds_its_slug_and_not_the_quota(store: Store, ann: str) -> None:
    created = create(store, ann, "my-app", max_active=1)
    store.begin_stop(created.id, "TUNNEL_DNS_DELETION_FAILED")
    assert store.route("my-app.tunnel.localhost") is None
    assert store.admit(created.id, created.secret) is None
    assert store.beat(created.id, ann) is None
    with pytest.raises(NoFreeSlug):
        create(store, ann, "my-app", max_active=1)
    assert create(store, ann, "other", max_active=1).slug == "other"
    (stopping, _) = store.tunnels(ann)
    assert (stopping.status, stopping.last_error) == ("stopping", "TUNNEL_DNS_DELETION_FAILED")


def test_a_stopped_tunnel_stays_stopped(store: Store, ann: str) -> None:
    created = create(store, ann, "my-app")
    store.stop(created.id)
    store.begin_stop(created.id)
    (tunnel,) = store.tunnels(ann, include_inactive=True)
    assert tunnel.status == "stopped"
    assert store.find(created.id) is None


def test_the_first_free_slug_is_taken(store: Store, ann: str) -> None:
    create(store, ann, "taken")
    assert store.create(ann, 3000, ["taken", "free"], max_active=5).slug == "free"


def test_tunnels_are_listed_oldest_first(store: Store, clock: Clock, ann: str, bob: str) -> None:
    for slug in ("b", "a", "c"):
        create(store, ann, slug)
        clock.jump(1)
    create(store, bob, "d")
    assert [tunnel.slug for tunnel in store.tunnels(ann)] == ["b", "a", "c"]


def test_a_host_name_means_the_tunnel_holding_it_now(store: Store, ann: str) -> None:
    first = create(store, ann, "my-app")
    store.stop(first.id)
    assert store.resolve(Reference(slug="my-app")) is None
    second = create(store, ann, "my-app")
    assert store.resolve(Reference(slug="my-app")) == second.id


def test_the_edge_admits_only_the_right_secret(store: Store, ann: str) -> None:
    created = create(store, ann, "my-app")
    route = store.admit(created.id, created.secret)
    assert route is not None
    assert route == store.route("my-app.tunnel.localhost")
    assert (route.tunnel_id, route.origin_port) == (created.id, 3000)
    assert store.admit(created.id, "guess") is None
    assert store.admit(created.id, "\ud800\xff") is None
    assert store.admit("no-such-tunnel", created.secret) is None


def test_a_foreign_host_name_leads_nowhere(store: Store, ann: str) -> None:
    create(store, ann, "my-app")
    assert store.route("my-app.example.com") is None
    assert store.route("my-app") is None


def test_whoever_ends_a_tunnel_the_edge_is_told_once(store: Store, clock: Clock, ann: str, bob: str) -> None:
    ended: list[str] = []
    store.on_end = ended.append
    deleted = create(store, ann, "deleted")
    store.stop(deleted.id)
    store.stop(deleted.id)
    lapsed, reaped = create(store, ann, "lapsed"), create(store, bob, "reaped")
    clock.jump(60)
    store.beat(lapsed.id, ann)
    store.beat(lapsed.id, ann)
    assert store.reap() == (1, 1)
    assert ended == [deleted.id, lapsed.id, reaped.id]


def test_the_reaper_looks_at_one_block_at_a_time(store: Store, clock: Clock, ann: str) -> None:
    for number in range(130):
        create(store, ann, f"app-{number}", max_active=130)
    assert store.reap() is None
    clock.jump(60)
    assert [store.reap() for _ in range(3)] == [(127, 127), (3, 3), None]


def test_the_reaper_finds_a_lease_that_was_shortened(lenient: Store, clock: Clock, ann: str) -> None:
    for slug in ("my-app", "other"):
        created = create(lenient, ann, slug)
    clock.jump(10)
    lenient.expire(created.id)
    assert lenient.reap() == (2, 1)
    assert [tunnel.slug for tunnel in lenient.tunnels(ann)] == ["my-app"]


def test_the_reaper_leaves_a_stopping_tunnel_alone(store: Store, clock: Clock, ann: str) -> None:
    stopping, ended = create(store, ann, "stopping"), create(store, ann, "ended")
    store.begin_stop(stopping.id)
    store.stop(ended.id)
    clock.jump(60)
    assert store.reap() == (1, 0)
    assert store.reap() is None
    assert store.stopping() == [(stopping.id, clock.now())]


def test_a_renewed_tunnel_is_looked_at_once_a_lease_and_reaped_in_the_end(
    lenient: Store, clock: Clock, ann: str
) -> None:
    renewed, silent = create(lenient, ann, "renewed"), create(lenient, ann, "silent")
    clock.jump(50)
    lenient.beat(renewed.id, ann)
    assert lenient.reap() is None
    clock.jump(10)
    assert lenient.reap() == (2, 1)
    assert lenient.reap() is None
    assert [tunnel.id for tunnel in lenient.tunnels(ann)] == [renewed.id]
    assert silent.id != renewed.id
    clock.jump(50)
    assert lenient.reap() == (1, 1)


def test_old_tunnels_are_forgotten(store: Store, clock: Clock, ann: str) -> None:
    store.stop(create(store, ann, "old").id)
    clock.jump(1000)
    store.stop(create(store, ann, "new").id)
    assert store.forget(clock.now() - 500, 10) == 1
    assert [tunnel.slug for tunnel in store.tunnels(ann, include_inactive=True)] == ["new"]


def test_expiring_a_lease_is_felt_at_once(store: Store, ann: str) -> None:
    created = create(store, ann, "my-app")
    store.expire(created.id)
    assert store.beat(created.id, ann) is None


def test_the_busy_questions_are_answered_from_an_index(
    database: sqlite3.Connection, accounts: Accounts, store: Store
) -> None:
    """A hundred thousand tunnels must not be read through for one heartbeat, visitor or pass of the reaper."""
    asked: list[str] = []
    database.set_trace_callback(asked.append)
    user = accounts.add_user("ann@example.com")
    token = accounts.mint_access_token(user)
    created = create(store, user, "my-app")
    accounts.user_of(token)
    store.beat(created.id, user)
    store.beat("unknown", user)
    store.run_token_of(created.run_token)
    store.route("my-app.tunnel.localhost")
    store.admit(created.id, created.secret)
    store.resolve(Reference(slug="my-app"))
    store.tunnels(user)
    store.tunnels(user, include_inactive=True)
    store.find(created.id)
    store.reap()
    store.stopping()
    store.forget(0, 10)
    database.set_trace_callback(None)
    for statement in asked:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            for row in database.execute(f"EXPLAIN QUERY PLAN {statement}"):
                assert not row[3].startswith("SCAN") or "tunnels_stopping" in row[3], (statement, row[3])


def test_a_known_way_is_forgotten_with_its_tunnel(store: Store, clock: Clock, ann: str, bob: str) -> None:
    first = create(store, ann, "my-app")
    host = "my-app.tunnel.localhost"
    ends: dict[str, Callable[[], None]] = {
        "its lease runs out": lambda: clock.jump(61),
        "it is expired": lambda: store.expire(first.id),
        "it begins to stop": lambda: store.begin_stop(first.id),
        "it is stopped": lambda: store.stop(first.id),
    }
    for what, end in ends.items():
        route = store.route(host)
        assert route is not None, what
        assert (route, store.route(host)) == (store.route(host), route)
        end()
        assert store.route(host) is None, what
        store.stop(first.id)
        first = create(store, bob if what == "it is expired" else ann, "my-app")
        known = store.route(host)
        assert known is not None, what
        assert known.tunnel_id == first.id
