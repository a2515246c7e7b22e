"""What happens to a collector in a soak: drawn at random, one trouble after the other."""
import collections
import http.client
import random
import socket
import subprocess
import time
import urllib.error
import urllib.parse

QUIET_SECONDS = 0.2   # on average between two troubles
FLOOD_SECONDS = 2
DEAD_SECONDS = 15     # an Alertmanager that was killed stays so for that long
COMMAND_SECONDS = 120
TERMS = ["Kernel panic", "changed state to up", "10.1.4.9", "was never printed", "seq="]
PATHS = ["/", "/metrics", "/-/ready", "/api/v1/consoles", "/api/v1/incidents", "/no/such/page"]


class Troubles:
    """`volatile` consoles come, go and change with reloads; the others stay for the whole soak."""

    def __init__(self, seed, setup, simulated, lastgasp, alertmanager, folder):
        self._random = random.Random(seed)
        self._simulated, self._lastgasp, self._alertmanager = simulated, lastgasp, alertmanager
        self._folder = folder
        self._consoles = len(simulated.names)
        self._volatile = {name: 0 for name in simulated.names[-setup.volatile:]}  # its change
        self._gone = set()
        self._later = []  # (when, what)
        self.crashed = set()
        self.happened = collections.Counter()
        self.wrong = []
        # Cheap troubles are frequent.
        self._kinds = [(self.hang_up, 20), (self.noise, 20), (self.crash, 5), (self.flood, 5),
                       (self.reload, 2), (self.bad_reload, 1), (self.kill_alertmanager, 0.3),
                       (self.search, 5), (self.browse, 5), (self.rude_client, 3),
                       (self.command_line, 0.5)]

    def go_on_until(self, deadline):
        while (now := time.monotonic()) < deadline:
            for when, what in sorted(self._later, key=lambda later: later[0]):
                if when <= now:
                    what()
            self._later = [later for later in self._later if later[0] > now]
            trouble = self._random.choices([kind for kind, _ in self._kinds],
                                           [weight for _, weight in self._kinds])[0]
            self.happened[trouble.__name__] += 1
            trouble()
            time.sleep(self._random.expovariate(1 / QUIET_SECONDS))

    def end(self):
        """Everything is as it was: all consoles are there, nothing floods, Alertmanager lives."""
        for _, what in self._later:
            what()
        self._later = []
        self._gone.clear()
        self._reload(200)

    def _any(self):
        return self._random.randrange(self._consoles)

    def hang_up(self):
        """Not one that a reload may close at the same moment: nobody knew then who was first."""
        stable = self._consoles - len(self._volatile)
        self._simulated.tell(f"hang_up {self._random.randrange(stable)}")

    def noise(self):
        self._simulated.tell(f"noise {self._any()}")

    def crash(self):
        number = self._any()
        self.crashed.add(self._simulated.names[number])
        self._simulated.tell(f"crash {number}")

    def flood(self):
        number = self._any()
        self._simulated.tell(f"flood {number}")
        self._later.append((time.monotonic() + self._random.uniform(0, FLOOD_SECONDS),
                            lambda: self._simulated.tell(f"calm {number}")))

    def reload(self):
        for name in self._random.sample(sorted(self._volatile), 3):
            if self._random.random() < 0.5:
                self._volatile[name] += 1
            else:
                self._gone ^= {name}
        self._reload(200)

    def bad_reload(self):
        self._lastgasp.configure(self._folder, self._lastgasp.url[len("http://"):],
                                 [{"name": "x", "endpoynt": "tcp://127.0.0.1:1"}])
        self._expect("/-/reload", {500}, "POST")

    def _reload(self, status):
        self._lastgasp.configure(self._folder, self._lastgasp.url[len("http://"):],
                                 [self._console(name, port) for name, port in
                                  zip(self._simulated.names, self._simulated.ports)
                                  if name not in self._gone],
                                 alertmanagers=[self._alertmanager.url])
        self._expect("/-/reload", {status}, "POST")

    def _console(self, name, port):
        console = {"name": name, "endpoint": f"tcp://127.0.0.1:{port}"}
        if change := self._volatile.get(name):
            console["labels"] = {"change": str(change)}
        return console

    def kill_alertmanager(self):
        if not self._alertmanager.running():
            return
        self._alertmanager.kill()
        self._later.append((time.monotonic() + self._random.uniform(1, DEAD_SECONDS),
                            self._alertmanager.start))

    def search(self):
        query = {"q": self._random.choice(TERMS), "budget": "2s",
                 "limit": str(self._random.choice([1, 100, 5000]))}
        self._expect("/api/v1/search?" + urllib.parse.urlencode(query), {200, 503})

    def browse(self):
        self._expect(self._random.choice(PATHS), {200, 404, 503})

    def rude_client(self):
        """Half a request, or garbage, and gone."""
        host, port = self._lastgasp.url[len("http://"):].split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(self._random.choice([b"GET /metrics HT", self._random.randbytes(200),
                                                b"POST /-/reload HTTP/1.1\r\nContent-Le"]))

    def command_line(self):
        """Beside the daemon, on the same files."""
        done = subprocess.run([self._lastgasp.program, "search", self._random.choice(TERMS), "-n",
                               "10", "--data", self._folder / "transcripts"], check=False,
                              timeout=COMMAND_SECONDS, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
        if done.returncode not in (0, 1):
            self.wrong.append(f"lastgasp search: {done.stderr.decode(errors='replace')[-500:]}")

    def _expect(self, path, statuses, method="GET"):
        try:
            self._lastgasp.request(path, method)
            status = 200
        except urllib.error.HTTPError as error:
            status = error.code
        except (OSError, http.client.HTTPException) as error:
            status = repr(error)
        if status not in statuses:
            self.wrong.append(f"{method} {path} was answered with {status}")
