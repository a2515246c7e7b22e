"""Loopback ports and plain HTTP."""

import json
import socket
import urllib.error
import urllib.request

LOOPBACK = "127.0.0.1"


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


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
