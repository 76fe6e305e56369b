"""What the speed claims are measured with, each beside what one would pick instead.

`make bench` runs everything on a PostgreSQL of its own in a temporary folder and prints one table.
CPU is what the kernel charged our processes and the whole database cluster, so other work on the
machine moves it far less than it moves wall time; comparisons are made in the same run.
"""
