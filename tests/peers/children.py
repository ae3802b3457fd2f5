"""Programs and folders that a service consists of; they end with it, and it ends with its input."""

import os
import re
import subprocess
import sys
import tempfile
import threading

running = []
folders = []


def end_with_input():
    """Whoever started us may be gone without a word; then our input is at its end."""

    def wait():
        sys.stdin.read()
        for child in running:
            child.kill()
            child.wait()
        for folder in folders:
            folder.cleanup()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def folder():
    """A folder with a short name, as the paths of sockets must be short."""
    folders.append(tempfile.TemporaryDirectory(prefix="lictor-peer-"))
    return folders[-1].name


def start(command, ready, **more):
    """Starts a program and waits for a line that fits; what its first group found."""
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
    )
    running.append(child)
    said = []
    for line in child.stdout:
        said.append(line)
        if found := re.search(ready, line):
            # Nobody reads on, so the pipe must not fill up.
            threading.Thread(target=child.stdout.read, daemon=True).start()
            return found[1]
    sys.exit("".join(said[-20:]))
