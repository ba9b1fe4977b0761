"""A failed call, decoded: the status with what the server added in google.rpc details."""
from __future__ import annotations

import grpc
from google.rpc import error_details_pb2, status_pb2


class DemarcheError(Exception):
    """What went wrong. `reason` says it for programs (demarche/v1/errors.proto); empty when no server answered."""

    def __init__(self, code: grpc.StatusCode, message: str):
        self.code = code
        self.message = message
        self.reason = ""
        self.metadata: dict[str, str] = {}
        self.violations: list[tuple[str, str]] = []  # (field, what is wrong with it)
        self.retry_after: float | None = None  # seconds

    def __str__(self) -> str:
        fields = "".join(f"; {field}: {text}" for field, text in self.violations if text not in self.message)
        return f"{self.reason or self.code.name}: {self.message}{fields}"

    @property
    def may_retry(self) -> bool:
        """The same call may succeed later."""
        if self.code == grpc.StatusCode.UNAVAILABLE:
            return True
        if self.code in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN):
            return not self.reason
        return self.code == grpc.StatusCode.RESOURCE_EXHAUSTED and (self.reason == "SLOW_CONSUMER" or self.retry_after is not None)


# What grpcio says of calls that were cancelled on this side.
_OUR_OWN = ("Locally cancelled by application!", "Channel closed!")


def decode(error: grpc.RpcError) -> DemarcheError:
    """The error of a call of grpcio."""
    code, details = error.code(), error.details() or ""
    if code == grpc.StatusCode.CANCELLED and details not in _OUR_OWN:  # a server on its way down
        code, details = grpc.StatusCode.UNAVAILABLE, "the server ended the call"
    decoded = DemarcheError(code, details)
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                _add(decoded, detail)
    return decoded


def _add(decoded: DemarcheError, detail) -> None:
    info, bad_request, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    if detail.Unpack(info):
        decoded.reason = info.reason
        decoded.metadata.update(info.metadata)
    elif detail.Unpack(bad_request):
        decoded.violations += [(violation.field, violation.description) for violation in bad_request.field_violations]
    elif detail.Unpack(retry):
        decoded.retry_after = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
