"""Stands between a machine's console and the collector, and types where the collector may not."""

from .console_peer import ConsolePeer
from .terminal import Terminal


class Relay(ConsolePeer):
    """A console peer that says what the machine at `port` prints."""

    def connect(self, case, port):
        """The terminal to type at; once there is a reader, so that it misses nothing."""
        self.wait_connected(60)
        return Terminal(case, port, on_data=self.say)
