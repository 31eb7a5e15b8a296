"""One command for a bare machine: embedded engines, their supervisor, the test runner, the doctor.

Modules that `doctor` needs import the standard library only, so that it answers even before the
environment is made.
"""
