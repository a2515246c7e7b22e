"""What every benchmark takes on its command line."""
import argparse
import pathlib


def bench_options(description, full=None):
    """The path of the release `lastgasp`, --json and, where there is more to it, --full."""
    options = argparse.ArgumentParser(description=description,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("lastgasp", type=lambda path: pathlib.Path(path).resolve())
    options.add_argument("--json", type=pathlib.Path, help="the figures, for the suite")
    if full:
        options.add_argument("--full", action="store_true", help=full)
    return options
