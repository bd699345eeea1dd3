"""Gives the loopback interface an address, and with it a way out to 192.0.2.0/24; 0.0.0.0 takes it away.

Run inside another process' network by the test beside it. By ioctl, since `ip` is not everywhere.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import sys

SIOCSIFFLAGS, SIOCSIFADDR = 0x8914, 0x8916  # netdevice(7)
UP_LOOPBACK_RUNNING = 0x1 | 0x8 | 0x40

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", UP_LOOPBACK_RUNNING))
    address = struct.pack("16sHH4s16x", b"lo", socket.AF_INET, 0, socket.inet_aton(sys.argv[1]))
    fcntl.ioctl(any_socket, SIOCSIFADDR, address)
