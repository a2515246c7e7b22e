"""The lab: what a scenario needs around the collector, each part real and each ended by its own pid.

Standard library only. A part that needs a program of Debian says so by `require()`, which skips the
scenario with the package's name where it is not installed.
"""
