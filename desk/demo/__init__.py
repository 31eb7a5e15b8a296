"""The demo world: Tarpan Systems and its clients, a year of work ending today.

Everything is made by the same services that people and programs call, in the order of time.
"""
