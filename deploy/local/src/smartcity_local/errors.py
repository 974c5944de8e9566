"""What stops a command, as one sentence for the person who typed it."""

import errno

DISK_FULL = "The disk is full: make some room and start again; nothing of what was kept is lost."


class CannotGoOn(Exception):
    """Its text is one clear sentence: what is wrong and what to do. The command prints it and ends with 1."""


def sentence_of(error: OSError) -> CannotGoOn | None:
    """The sentence for an error of the machine, where there is one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotGoOn(DISK_FULL)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CannotGoOn(f"This user may not write {error.filename or 'here'}: start the suite as the user who owns the clone.")
    return None
