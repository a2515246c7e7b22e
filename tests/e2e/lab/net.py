"""Loopback ports and plain HTTP."""

import json
import pathlib
import random
import socket
import urllib.error
import urllib.request

LOOPBACK = "127.0.0.1"


def _claim(port):
    """Whether no other test has the port, nor anybody else: this process has it while it lives."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0lastgasp-test-port-{port}")
        with socket.socket() as probe:
            probe.bind((LOOPBACK, port))
    except OSError:
        claim.close()
        return False
    claim.detach()
    return True


def free_port():
    """A port for a server to listen on later. It is none of those that the kernel gives to
    connections meanwhile, and no test that runs beside this one gets it too."""
    kernels = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    ports = [port for port in range(10240, 65536) if not int(kernels[0]) <= port <= int(kernels[1])]
    return next(port for port in random.sample(ports, len(ports)) if _claim(port))


def http(url, method="GET", body=None, timeout=10):
    """(status, body) of one request; status 0 when nobody answers."""
    request = urllib.request.Request(url, method=method, data=body)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except (urllib.error.URLError, OSError):
        return 0, b""


def http_json(url):
    """The parsed answer, or None unless it is a 200."""
    status, body = http(url)
    return json.loads(body) if status == 200 else None
