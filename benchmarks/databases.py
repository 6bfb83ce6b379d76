"""Database servers of a measurement: real ones from packages, durable, in a folder that is thrown away."""
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import time

from processes import free_port

READY_SECONDS = 60


def find(name, *folders):
    path = shutil.which(name) or next((p for f in folders for p in glob.glob(f"{f}/{name}")), None)
    return path or sys.exit(f"{name} not found: run testing/databases/install")


def await_success(command, process):
    begun = time.monotonic()
    while subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        if process.poll() is not None or time.monotonic() - begun > READY_SECONDS:
            sys.exit(f"{process.args[0]} did not start")
        time.sleep(0.05)


def tree_cpu_seconds(pid):
    """Of a process, its children, and those that have ended."""
    def fields(p):
        return [int(x) for x in pathlib.Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()[11:15]]
    ticks = sum(fields(pid))
    for children in glob.glob(f"/proc/{pid}/task/*/children"):
        for child in pathlib.Path(children).read_text().split():
            try:
                ticks += sum(fields(child)[:2])
            except OSError:
                pass  # it has ended meanwhile
    return ticks / os.sysconf("SC_CLK_TCK")


class MariaDb:
    """sync_binlog=1 and innodb_flush_log_at_trx_commit=1: both logs are synced at each group commit."""

    def __init__(self, folder):
        self.port = free_port()
        self.data = folder / "mariadb"
        user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run([find("mariadb-install-db"), "--no-defaults", *user, "--auth-root-authentication-method=normal",
                        f"--datadir={self.data}", f"--tmpdir={folder}", "--skip-test-db"], check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [find("mariadbd", "/usr/sbin"), "--no-defaults", *user, f"--datadir={self.data}", f"--tmpdir={folder}", f"--port={self.port}",
             "--bind-address=127.0.0.1", f"--socket={folder}/mariadb.sock", "--log-bin=binlog", "--server-id=1", "--sync-binlog=1",
             "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M",
             "--character-set-server=utf8mb4", "--max-connections=500", "--skip-name-resolve"],
            stderr=open(folder / "mariadb.log", "w"))
        self.client = ["mariadb", "--no-defaults", "-h127.0.0.1", f"-P{self.port}", "-uroot", "-N", "-B", "-e"]
        await_success([*self.client, "SELECT 1"], self.process)
        subprocess.run([*self.client, "CREATE DATABASE dtm"], check=True)
        self.settings = {"STORE_HOST": "127.0.0.1", "STORE_PORT": str(self.port), "STORE_USER": "root"}

    def durable_commits(self):
        query = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'BINLOG_GROUP_COMMITS'"
        return int(subprocess.run([*self.client, query], check=True, capture_output=True, text=True).stdout)

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def stored_bytes(self):
        return os.stat(self.data / "dtm" / "dtm_transaction.ibd").st_size

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class PostgreSql:
    """fsync and synchronous_commit on."""

    def __init__(self, folder):
        self.port = free_port()
        versions = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
        if not versions:
            sys.exit("PostgreSQL not found: run testing/databases/install")
        data = folder / "postgresql"
        data.mkdir()
        self.prefix = []
        if os.geteuid() == 0:
            os.chmod(folder, 0o755)
            owner = pwd.getpwnam("postgres")
            os.chown(data, owner.pw_uid, owner.pw_gid)
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run([*self.prefix, versions[-1] + "/initdb", "-D", str(data), "-U", "postgres", "-A", "trust"],
                       check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [*self.prefix, versions[-1] + "/postgres", "-D", str(data), "-p", str(self.port), "-k", str(data), "-h", "127.0.0.1",
             "-c", "max_connections=500", "-c", "shared_buffers=512MB", "-c", "fsync=on", "-c", "synchronous_commit=on",
             "-c", "max_wal_size=4GB"],
            stderr=open(folder / "postgresql.log", "w"))
        self.client = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-At", "-c"]
        await_success([*self.client, "SELECT 1"], self.process)
        subprocess.run([*self.client, "CREATE DATABASE dtm"], check=True, stdout=subprocess.DEVNULL)
        self.settings = {"STORE_HOST": "127.0.0.1", "STORE_PORT": str(self.port), "STORE_USER": "postgres"}

    def durable_commits(self):
        query = "SELECT wal_sync FROM pg_stat_wal"
        return int(subprocess.run([*self.client, query], check=True, capture_output=True, text=True).stdout)

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def stored_bytes(self):
        query = "SELECT pg_total_relation_size('dtm_transaction')"
        database = [*self.client[:-2], "-d", "dtm", *self.client[-2:]]
        return int(subprocess.run([*database, query], check=True, capture_output=True, text=True).stdout)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


class Redis:
    """An append-only file, synced every second: a crash of the machine may lose the last one."""

    def __init__(self, folder):
        self.port = free_port()
        data = folder / "redis"
        data.mkdir()
        self.process = subprocess.Popen(
            [find("redis-server"), "--port", str(self.port), "--dir", str(data), "--bind", "127.0.0.1", "--appendonly", "yes",
             "--appendfsync", "everysec", "--save", ""], stdout=open(folder / "redis.log", "w"))
        await_success(["redis-cli", "-p", str(self.port), "ping"], self.process)
        self.settings = {"STORE_HOST": "127.0.0.1", "STORE_PORT": str(self.port)}

        self.empty = self.memory()

    def memory(self):
        command = ["redis-cli", "-p", str(self.port), "info", "memory"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return next(int(line.split(":")[1]) for line in output.splitlines() if line.startswith("used_memory:"))

    def durable_commits(self):
        return float("nan")

    def stored_bytes(self):
        return self.memory() - self.empty

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


KINDS = {"mysql": MariaDb, "postgres": PostgreSql, "redis": Redis}
