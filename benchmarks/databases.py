"""Database servers of a measurement: real ones from packages, durable, in a folder that is thrown away."""
import glob
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time

from processes import free_port

READY_SECONDS = 60
IDLE_SECONDS = 12


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


def wire_bytes(port):
    """What has come in and gone out over the connections that a server has now; the pools of ours keep theirs."""
    output = subprocess.run(["ss", "-tinH", "sport", "=", f":{port}"], check=True, capture_output=True, text=True).stdout
    return {"bytes in": sum(map(int, re.findall(r"bytes_received:(\d+)", output))),
            "bytes out": sum(map(int, re.findall(r"bytes_acked:(\d+)", output)))}


class MariaDb:
    """sync_binlog=1 and innodb_flush_log_at_trx_commit=1: both logs are synced at each group commit."""

    def __init__(self, folder, counts=False):
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

    def counters(self):
        """What the server has counted since its start, by names of our own."""
        output = subprocess.run([*self.client, "SHOW GLOBAL STATUS"], check=True, capture_output=True, text=True).stdout
        status = dict(line.split("\t") for line in output.splitlines())
        names = {"inserts": "Com_insert", "updates": "Com_update", "selects": "Com_select", "deletes": "Com_delete",
                 "prepares": "Com_stmt_prepare", "messages": "Questions", "rows inserted": "Innodb_rows_inserted",
                 "rows updated": "Innodb_rows_updated", "rows read": "Innodb_rows_read", "commits": "Binlog_commits",
                 "synced groups of commits": "Binlog_group_commits", "log syncs": "Innodb_os_log_fsyncs",
                 "redo bytes": "Innodb_os_log_written", "binlog bytes": "Binlog_bytes_written", "bytes in": "Bytes_received",
                 "bytes out": "Bytes_sent", "lock waits": "Innodb_row_lock_waits", "ms of lock waits": "Innodb_row_lock_time"}
        return {name: int(status[variable]) for name, variable in names.items() if variable in status}

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def stored_bytes(self):
        return os.stat(self.data / "dtm" / "dtm_transaction.ibd").st_size

    def empty_store(self):
        subprocess.run([*self.client, "TRUNCATE TABLE dtm.dtm_transaction"], check=True)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class PostgreSql:
    """fsync and synchronous_commit on."""

    def __init__(self, folder, counts=False):
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
             "-c", "max_wal_size=4GB", "-c", f"shared_preload_libraries={'pg_stat_statements' if counts else ''}"],
            stderr=open(folder / "postgresql.log", "w"))
        self.client = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-At", "-c"]
        await_success([*self.client, "SELECT 1"], self.process)
        subprocess.run([*self.client, "CREATE DATABASE dtm"], check=True, stdout=subprocess.DEVNULL)
        self.settings = {"STORE_HOST": "127.0.0.1", "STORE_PORT": str(self.port), "STORE_USER": "postgres"}

    def durable_commits(self):
        query = "SELECT wal_sync FROM pg_stat_wal"
        return int(subprocess.run([*self.client, query], check=True, capture_output=True, text=True).stdout)

    def counters(self):
        """Likewise. The server adds up what its connections have counted when they have been idle for a while."""
        time.sleep(IDLE_SECONDS)
        self.ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        statements = self.ask("SELECT regexp_replace(lower(query), '\\s.*', ''), sum(calls), sum(rows) FROM pg_stat_statements GROUP BY 1")
        calls = {line.split("|")[0]: [int(x) for x in line.split("|")[1:]] for line in statements.splitlines()}
        log = self.ask("SELECT wal_bytes, wal_fpi, wal_sync, wal_write FROM pg_stat_wal").strip().split("|")
        counted = {"log bytes": int(log[0]), "whole pages in the log": int(log[1]), "log syncs": int(log[2]), "log writes": int(log[3])}
        for word in ("insert", "update", "select", "delete", "commit", "rollback"):
            counted[word + "s"] = calls.get(word, [0, 0])[0]
        counted["rows inserted"], counted["rows updated"] = calls["insert"][1], calls.get("update", [0, 0])[1]
        counted["updates in place"] = int(self.ask("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'dtm_transaction'"))
        counted["deadlocks"] = int(self.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = 'dtm'"))
        return counted | wire_bytes(self.port)

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def stored_bytes(self):
        return int(self.ask("SELECT pg_total_relation_size('dtm_transaction')"))

    def empty_store(self):
        self.ask("TRUNCATE TABLE dtm_transaction")

    def ask(self, query):
        database = [*self.client[:-2], "-d", "dtm", *self.client[-2:]]
        return subprocess.run([*database, query], check=True, capture_output=True, text=True).stdout

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


class Redis:
    """An append-only file, synced every second: a crash of the machine may lose the last one."""

    def __init__(self, folder, counts=False):
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
        return int(self.info("memory")["used_memory"])

    def info(self, section):
        command = ["redis-cli", "-p", str(self.port), "info", section]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return dict(line.split(":", 1) for line in output.splitlines() if ":" in line)

    def counters(self):
        """Likewise. What a script does inside of the server is counted too."""
        stats = self.info("stats")
        counted = {"bytes in": int(stats["total_net_input_bytes"]), "bytes out": int(stats["total_net_output_bytes"])}
        counted["log bytes"] = int(self.info("persistence")["aof_current_size"])
        for name, values in self.info("commandstats").items():
            counted[name.removeprefix("cmdstat_")] = int(re.search(r"calls=(\d+)", values)[1])
        return counted

    def durable_commits(self):
        return float("nan")

    def stored_bytes(self):
        return self.memory() - self.empty

    def empty_store(self):
        subprocess.run(["redis-cli", "-p", str(self.port), "flushall"], check=True, stdout=subprocess.DEVNULL)

    def cpu_seconds(self):
        return tree_cpu_seconds(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


KINDS = {"mysql": MariaDb, "postgres": PostgreSql, "redis": Redis}
