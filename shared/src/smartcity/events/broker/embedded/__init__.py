"""The broker without a server: one SQLite file in WAL mode, shared by the processes of one machine.

An event and all its deliveries are one transaction. Who holds deliveries holds a locked file; the kernel frees the
lock when its process dies, however it dies, and another consumer gives the deliveries back. Not for network file systems.
"""
