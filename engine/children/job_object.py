"""Windows only: put the calling process into a job object that limits it, and what it starts.

The handle is left open on purpose: the job lives as long as the process.
"""

import ctypes
import sys

if sys.platform == "win32":
    from ctypes import wintypes

    LIMIT_PROCESS_MEMORY = 0x100
    DIE_ON_UNHANDLED_EXCEPTION = 0x400  # no crash dialog waits for somebody
    KILL_ON_JOB_CLOSE = 0x2000
    EXTENDED_LIMIT_INFORMATION = 9

    class BasicLimits(ctypes.Structure):
        _fields_ = (
            ("per_process_user_time", wintypes.LARGE_INTEGER),
            ("per_job_user_time", wintypes.LARGE_INTEGER),
            ("flags", wintypes.DWORD),
            ("minimum_working_set", ctypes.c_size_t),
            ("maximum_working_set", ctypes.c_size_t),
            ("active_processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority_class", wintypes.DWORD),
            ("scheduling_class", wintypes.DWORD),
        )

    class ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("basic", BasicLimits),
            ("io_counters", ctypes.c_ulonglong * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process_memory", ctypes.c_size_t),
            ("peak_job_memory", ctypes.c_size_t),
        )

    def limit_memory(memory: int) -> None:
        """Limit this process to `memory` bytes."""
        limits = ExtendedLimits(process_memory=memory)
        limits.basic.flags = LIMIT_PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION
        _join(limits)

    def end_together() -> None:
        """What this process starts from now on ends with it, however it ends."""
        limits = ExtendedLimits()
        limits.basic.flags = KILL_ON_JOB_CLOSE
        _join(limits)

    def _join(limits: ExtendedLimits) -> None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            wintypes.LPVOID,
            wintypes.DWORD,
        )
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        job = kernel.CreateJobObjectW(None, None)
        done = (
            job
            and kernel.SetInformationJobObject(
                job, EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        )
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
