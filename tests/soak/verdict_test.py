"""A soak that went badly is told from one that went well."""
import collections
import unittest

import verdict

Line = collections.namedtuple("Line", "console sequence")


def printed(*sequences, console="c0000"):
    return [Line(console, sequence) for sequence in sequences]


class Lines(unittest.TestCase):
    def wrong(self, lines, last, left=()):
        return list(verdict.lines(lines, ["c0000"], [last], {"c0000": set(left)}))

    def test_all_there(self):
        self.assertEqual(self.wrong(printed(1, 2, 3), 3), [])

    def test_one_missing(self):
        self.assertEqual(self.wrong(printed(1, 3), 3), ["c0000: lines 2 to 2 are missing"])

    def test_the_last_missing(self):
        self.assertEqual(len(self.wrong(printed(1, 2), 3)), 1)

    def test_none_at_all(self):
        self.assertEqual(len(self.wrong([], 3)), 1)

    def test_twice(self):
        self.assertEqual(len(self.wrong(printed(1, 2, 2, 3), 3)), 1)

    def test_missing_where_the_collector_hung_up(self):
        self.assertEqual(self.wrong(printed(1, 4, 5), 5, left=[3]), [])
        self.assertEqual(self.wrong(printed(1, 2), 3, left=[3]), [])
        self.assertEqual(len(self.wrong(printed(1, 5), 5, left=[3])), 1)


class Counters(unittest.TestCase):
    over = {"bytes_of_each": [100], "hang_ups": [2]}

    def wrong(self, **changed):
        metrics = {("console_received_bytes_total", "c0000"): 100,
                   ("console_disconnects_total", "c0000"): 2, ("console_up", "c0000"): 1,
                   ("console_lost_bytes_total", "c0000"): 0}
        metrics |= {(family, "c0000"): value for family, value in changed.items()}
        return list(verdict.counters(metrics, ["c0000"], self.over, ["c0000"]))

    def test_right(self):
        self.assertEqual(self.wrong(), [])

    def test_each_wrong(self):
        for changed in ({"console_received_bytes_total": 99}, {"console_disconnects_total": 3},
                        {"console_up": 0}, {"console_lost_bytes_total": 1}):
            self.assertEqual(len(self.wrong(**changed)), 1, changed)

    def test_read_from_a_page(self):
        page = ('lastgasp_console_up{console="c0000"} 1\n'
                'lastgasp_console_incidents_total{console="c0000",kind="panic"} 2\n'
                'lastgasp_console_incidents_total{console="c0000",kind="crash"} 1\n'
                'lastgasp_consoles{state="up"} 1\n')
        self.assertEqual(verdict.metrics_of(page), {("console_up", "c0000"): 1,
                                                    ("console_incidents_total", "c0000"): 3})

    def test_a_crash_without_an_incident(self):
        self.assertEqual(len(list(verdict.incidents({}, {"c0000"}, ["c0000"]))), 1)
        self.assertEqual(list(verdict.incidents({}, {"c0001"}, ["c0000"])), [])


class Resources(unittest.TestCase):
    def test_memory(self):
        self.assertEqual(list(verdict.memory([100e6] * 40)), [])
        self.assertEqual(list(verdict.memory([50e6] * 20 + [100e6] * 20)), [])
        self.assertEqual(len(list(verdict.memory([n * 10e6 for n in range(1, 41)]))), 1)

    def test_files(self):
        self.assertEqual(list(verdict.files(250, 255)), [])
        self.assertEqual(len(list(verdict.files(250, 300))), 1)

    def test_a_sanitizer_speaks(self):
        said = "==7==ERROR: AddressSanitizer: heap-use-after-free\nx.cpp:3:4: runtime error: shift\n"
        self.assertEqual(len(list(verdict.daemon(0, said))), 2)
        self.assertEqual(len(list(verdict.daemon(1, "info all is well\n"))), 1)
        self.assertEqual(list(verdict.daemon(0, "info all is well\n")), [])


if __name__ == "__main__":
    unittest.main()
