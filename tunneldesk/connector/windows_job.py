"""Ties child processes to our own life on Windows, with a job object.

A job made with ``JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE`` ends all its processes when the last handle to it is closed,
which the system does for us however we end (Microsoft: "Job Objects", ``JOBOBJECT_BASIC_LIMIT_INFORMATION``). Not
tried on Windows yet: written after the documentation.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

_EXTENDED_LIMIT_INFORMATION = 9  # JOBOBJECTINFOCLASS
_KILL_ON_JOB_CLOSE = 0x2000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def adopt(process_handle: int) -> None:
    """Have the process ended when we end.

    Raises:
        OSError: The system refused.
    """
    kernel, job = _job()
    if not kernel.AssignProcessToJobObject(job, ctypes.c_void_p(process_handle)):
        raise OSError(f"AssignProcessToJobObject: {kernel.GetLastError()}")


@cache
def _job() -> tuple[Any, ctypes.c_void_p]:
    """Return kernel32 and our one job, whose handle is never closed by us."""
    kernel: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore] # on Windows only
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    handle: int | None = kernel.CreateJobObjectW(None, None)
    job = ctypes.c_void_p(handle)
    limits = _ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE
    if not handle or not kernel.SetInformationJobObject(
        job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
    ):
        raise OSError(f"CreateJobObjectW: {kernel.GetLastError()}")
    return kernel, job
