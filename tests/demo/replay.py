"""Plays a recorded console to one TCP reader after the other, as fast as a 115200 baud line."""

import socket
import sys
import time

BYTES_PER_SECOND = 11520


def play(path, reader):
    began, sent = time.monotonic(), 0
    with open(path, "rb") as recording:
        while data := recording.read(BYTES_PER_SECOND // 20):
            reader.sendall(data)
            sent += len(data)
            time.sleep(max(0.0, began + sent / BYTES_PER_SECOND - time.monotonic()))
    reader.recv(1)  # until the reader goes: a console does not hang up


def main():
    path, port = sys.argv[1], int(sys.argv[2])
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            reader, _ = listener.accept()
            with reader:
                try:
                    play(path, reader)
                except OSError:
                    pass


if __name__ == "__main__":
    main()
