"""Failures and the exceptions that carry them."""

from __future__ import annotations

import pytest

from tunneldesk.domain import errors
from tunneldesk.domain.errors import (
    TRANSIENT_CODES,
    ApiError,
    ConnectorError,
    ErrorCode,
    Failure,
    InvalidValueError,
    ServerRefusedError,
    TunnelDeskError,
)
from tunneldesk.domain.reasons import Because, Reason


def test_a_code_is_spelt_as_it_is_named() -> None:
    assert all(code.name == code.value for code in ErrorCode)


@pytest.mark.parametrize("code", ErrorCode)
def test_causes_that_pass_are_told_from_those_that_stay(code: ErrorCode) -> None:
    assert Failure(code).transient is (code in TRANSIENT_CODES)


@pytest.mark.parametrize(
    ("status", "transient"), [(None, False), (400, False), (499, False), (500, True), (503, True)]
)
def test_whatever_a_server_answers_with_5xx_may_pass(status: int | None, transient: bool) -> None:
    assert Failure(ErrorCode.UNKNOWN_CODE, status=status).transient is transient


@pytest.mark.parametrize(
    ("details", "slug", "port"),
    [
        ({}, False, False),
        ({"fieldErrors": {"requestedSlug": ["too long"]}}, True, False),
        ({"fieldErrors": {"slug": ["too long"]}}, True, False),
        ({"fieldErrors": {"port": ["too big"]}}, False, True),
        ({"fieldErrors": {"port": ["too big"], "requestedSlug": ["too long"]}}, True, True),
        ({"fieldErrors": {"port": []}}, False, False),
        ({"fieldErrors": ["port"]}, False, False),
        ({"fieldErrors": None, "field": "port"}, False, True),
        ({"field": "requestedSlug"}, True, False),
        ({"field": ["port"]}, False, False),
        ({"field": "colour"}, False, False),
        ({"slug": "Bad Slug"}, True, False),
        ({"port": 0}, False, True),
    ],
)
def test_a_refused_input_names_its_field_in_every_way_servers_do(
    details: dict[str, object], slug: bool, port: bool
) -> None:
    failure = Failure(ErrorCode.INVALID_INPUT, details=details)
    assert (failure.names_slug, failure.names_port) == (slug, port)


def test_a_failure_knows_nothing_more_than_it_was_told() -> None:
    failure = Failure(ErrorCode.UNEXPECTED)
    assert failure.message == ""
    assert failure.because == ()
    assert not failure.details
    assert (failure.status, failure.retry_after, failure.request_id, failure.at) == (None, None, None, None)


@pytest.mark.parametrize(
    ("failure", "text"),
    [
        (Failure(ErrorCode.INVALID_PORT, "0 is no port"), "INVALID_PORT: 0 is no port"),
        (Failure(ErrorCode.INVALID_PORT), "INVALID_PORT"),
        (
            Failure(ErrorCode.INVALID_PORT, because=(Because(Reason.NOT_A_PORT, {"value": "abc"}),)),
            'INVALID_PORT: not a port (value "abc")',
        ),
        (
            Failure(
                ErrorCode.OAUTH_EXPIRED, "over", (Because(Reason.BROKEN_OFF), Because(Reason.TIMED_OUT)), "LATE"
            ),
            "LATE: connection broke off; timed out; over",
        ),
        (Failure(ErrorCode.UNKNOWN_CODE, "no", raw_code="TEAPOT"), "TEAPOT: no"),
    ],
)
def test_an_exception_says_code_reasons_and_message(failure: Failure, text: str) -> None:
    error = ServerRefusedError(failure)
    assert str(error) == text
    assert error.failure is failure


def test_a_refused_value_goes_with_its_error() -> None:
    because = Because(Reason.NOT_A_PORT, {"value": "abc"})
    error = InvalidValueError(ErrorCode.INVALID_PORT, "abc", because)
    assert error.value == "abc"
    assert error.failure == Failure(ErrorCode.INVALID_PORT, because=(because,))


def test_every_exception_has_one_root_and_is_in_the_drawing() -> None:
    assert errors.__doc__ is not None
    found = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(found) > 8
    for kind in found:
        assert issubclass(kind, TunnelDeskError)
        assert kind.__name__ in errors.__doc__
    assert not issubclass(ConnectorError, ApiError)
