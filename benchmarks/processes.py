"""The processes of a measurement: the server, a participant, and what they cost."""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
START_LIMIT_SECONDS = 180


def free_port():
    """One below the range from which connections of clients get theirs."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass  # taken: another one


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def start_participant(folder):
    port = free_port()
    text = (HERE / "participant.nginx.conf").read_text().replace("${PORT}", str(port))
    (folder / "nginx.conf").write_text(text)
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", f"pid {folder}/nginx.pid;"]
    return subprocess.Popen(command), f"http://127.0.0.1:{port}"


def start_server(store, folder, **settings):
    port = free_port()
    environment = dict(
        os.environ, HTTP_PORT=str(port), GRPC_PORT=str(free_port()), STORE_DRIVER=store,
        STORE_DATA_DIR=str(folder / store), LOG_LEVEL="warn", **settings)
    log = open(folder / f"{store}.log", "w")
    process = subprocess.Popen([str(HERE.parent / "dtm"), "server"], env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    while True:
        try:
            urllib.request.urlopen(url + "/api/ping", timeout=1).read()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() - begun > START_LIMIT_SECONDS:
                sys.exit(f"{store}: the server did not start:\n" + (folder / f"{store}.log").read_text()[-2000:])
            time.sleep(0.02)
    return process, url


def stop(processes):
    for process in reversed(processes):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
