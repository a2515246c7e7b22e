"""Whether a soak went well: each check yields what is wrong, in words."""
import collections
import re
import statistics

MORE_MEMORY = 1.10       # the last quarter beside the third
MORE_BYTES = 8 << 20
MORE_FILES = 16
SANITIZER = re.compile(r"^.*(?:ERROR: \w*Sanitizer|runtime error:|WARNING: \w*Sanitizer).*$", re.M)


def lines(printed, names, last_sequence, left):
    """Every line once and in order; only where the collector itself hung up may the newest lines
    before that be missing. `left` maps consoles to the last numbers printed before that."""
    seen = dict.fromkeys(names, 0)
    for line in printed:
        name, sequence = line.console, line.sequence
        expected = seen[name] + 1
        if sequence < expected:
            yield f"{name}: line {sequence} came again, or late"
            continue
        if sequence > expected and sequence - 1 not in left[name]:
            yield f"{name}: lines {expected} to {sequence - 1} are missing"
        seen[name] = sequence
    for name, last in zip(names, last_sequence):
        if seen[name] != last and last not in left[name]:
            yield f"{name}: the last line stored is {seen[name]}, the last printed {last}"


def counters(metrics, stable, over, names):
    """What the metrics say of consoles that were never touched is what the simulator knows."""
    number = {name: at for at, name in enumerate(names)}
    for family, known in (("console_received_bytes_total", over["bytes_of_each"]),
                          ("console_disconnects_total", over["hang_ups"])):
        for name in stable:
            found = metrics.get((family, name))
            if found != known[number[name]]:
                yield f"{family} of {name} is {found}, not {known[number[name]]}"
    for name in names:
        if metrics.get(("console_up", name)) != 1:
            yield f"{name} is not up at the end"
        if metrics.get(("console_lost_bytes_total", name)):
            yield f"{name} lost bytes: {metrics['console_lost_bytes_total', name]}"


def incidents(metrics, crashed, stable):
    for name in sorted(crashed & set(stable)):
        if not metrics.get(("console_incidents_total", name)):
            yield f"{name} crashed, and there is no incident"


def memory(samples):
    quarter = len(samples) // 4
    third = statistics.median(samples[2 * quarter:3 * quarter])
    last = statistics.median(samples[3 * quarter:])
    if last > third * MORE_MEMORY + MORE_BYTES:
        yield f"memory grows: {third / 1e6:.0f} MB in the third quarter, {last / 1e6:.0f} in the last"


def files(before, after):
    if after > before + MORE_FILES:
        yield f"{after} files are open at the end, {before} at the beginning"


def daemon(exit_status, said):
    if exit_status != 0:
        yield f"the collector ended with {exit_status}"
    for found in SANITIZER.findall(said):
        yield found


def metrics_of(page):
    """{(family without lastgasp_, console): sum over its series}"""
    sums = collections.Counter()
    for name, console, value in re.findall(
            r'^lastgasp_(console_\w+)\{console="([^"]*)"[^}]*\} (\S+)$', page, re.M):
        sums[name, console] += float(value)
    return sums
