"""Runs the published Python client (PyPI dtmcli) against a server, with a business service of its own.

Prints one line per scenario and fails when one of them does.
"""
import argparse
import json
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pymysql
import requests
from dtmcli import barrier, msg, saga, tcc, utils

AMOUNT = 30
OPENING = 100
FINAL_WITHIN = 45

SAGA_SUCCEEDED = "01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed"
SAGA_ROLLED_BACK = "01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed"
TCC_CONFIRMED = "01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed"
TCC_CANCELLED = "01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared"
DELIVERED = "01 action succeed, 02 action succeed"

printed = sys.stdout
sys.stdout = sys.stderr  # the client prints as it goes


class Ledger:
    """What the business service knows of one transaction."""

    def __init__(self):
        self.lock = threading.Lock()
        self.calls = []
        self.plans = {}
        self.balance = {"out": 0, "in": 0}
        self.held = {"out": 0, "in": 0}

    def handle(self, call, do):
        """Writes the call down and answers as planned: FAILURE, ONGOING, ERROR or LOST (done, answered with an error)."""
        with self.lock:
            self.calls.append(call)
            plan = self.plans.get(call)
            answer = plan.pop(0) if plan else ""
        if answer in ("FAILURE", "ONGOING"):
            return answer
        if answer == "ERROR":
            raise Exception(call + " broke")
        do()
        if answer == "LOST":
            raise Exception(call + " answered with an error after it was done")
        return "SUCCESS"

    def move(self, who, op):
        delta = signed(who)
        with self.lock:
            if op == "action":
                self.balance[who] += delta
            elif op == "compensate":
                if self.balance[who]:
                    self.balance[who] -= delta
            elif op == "try":
                self.held[who] += delta
            elif op == "confirm":
                self.balance[who] += self.held[who]
                self.held[who] = 0
            elif op == "cancel":
                self.held[who] = 0
            else:
                raise Exception("unknown op " + op)


def signed(who):
    return -AMOUNT if who == "out" else AMOUNT


class World:
    def __init__(self, base, database):
        self.dtm = base + "/api/dtmsvr"
        self.database = database
        self.ledgers = {}
        self.lock = threading.Lock()
        self.service = ""

    def ledger(self, gid):
        with self.lock:
            return self.ledgers.setdefault(gid, Ledger())

    def cursor(self):
        host, port = self.database.split(":")
        connection = pymysql.connect(host=host, port=int(port), user="busi", password="busi", database="dtm_busi")
        return barrier.AutoCursor(connection.cursor())

    def open_accounts(self, gid):
        with self.cursor() as cursor:
            for who in ("out", "in"):
                cursor.execute("insert into account(name, balance, held) values(%s, %s, 0)", (gid + "-" + who, OPENING))
            cursor.connection.commit()

    def accounts(self, gid):
        with self.cursor() as cursor:
            changed = {}
            for who in ("out", "in"):
                cursor.execute("select balance from account where name = %s and held = 0", (gid + "-" + who,))
                changed[who] = cursor.fetchone()[0] - OPENING
            return changed

    def url(self, kind, who):
        return "%s/%s/%s" % (self.service, kind, who)


def move_in_database(cursor, gid, who, op):
    delta = signed(who)
    balance, held = {
        "action": (delta, 0),
        "compensate": (-delta, 0),
        "try": (0, delta),
        "confirm": (delta, -delta),
        "cancel": (0, -delta),
    }[op]
    cursor.execute("update account set balance = balance + %s, held = held + %s where name = %s", (balance, held, gid + "-" + who))


def serve(world, port):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.answer()

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.answer()

        def answer(self):
            url = urllib.parse.urlparse(self.path)
            query = {k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
            _, kind, who = url.path.split("/")
            try:
                result = business(world, kind, who, query)
                status = 409 if kind == "prepared" and result == "FAILURE" else 200
            except Exception as e:
                print("business:", e)
                status, result = 500, str(e)
            # As the samples of this client do it: the result stands in the body of a 200.
            body = json.dumps({"dtm_result": result}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    world.service = "http://127.0.0.1:%d" % server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()


def business(world, kind, who, query):
    gid, op = query["gid"], query["op"]
    ledger = world.ledger(gid)
    if kind == "memory":
        return ledger.handle(who + "." + op, lambda: ledger.move(who, op))
    guard = barrier.BranchBarrier(query["trans_type"], gid, query["branch_id"], op)
    if kind == "prepared":
        return ledger.handle("prepared", lambda: None) if who == "memory" else check_back(world, ledger, guard)

    def guarded():
        with world.cursor() as cursor:
            guard.call(cursor, lambda c: move_in_database(c, gid, who, op))

    return ledger.handle(who + "." + op, guarded)


def check_back(world, ledger, guard):
    def ask():
        with world.cursor() as cursor:
            guard.query_prepared(cursor)

    try:
        return ledger.handle("prepared", ask)
    except utils.DTMFailureError:
        return "FAILURE"


# --- what a transaction must have come to

def expect(world, gid, status, calls, out=0, inn=0, branches=None, reason="", accounts=False):
    ledger = world.ledger(gid)
    deadline = time.time() + FINAL_WITHIN
    while True:
        found = requests.get(world.dtm + "/query", params={"gid": gid}, timeout=10).json()
        transaction = found["transaction"] or {"status": "unknown"}
        if transaction["status"] in ("succeed", "failed"):
            break
        check(time.time() < deadline, "still %s, calls %s" % (transaction["status"], ledger.calls))
        time.sleep(0.05)
    check(transaction["status"] == status, "status %s (expected: %s), calls %s" % (transaction["status"], status, ledger.calls))
    check(ledger.calls == calls.split(), "calls %s (expected: [%s])" % (ledger.calls, calls))
    check(reason in transaction.get("rollback_reason", ""), "reason %r" % transaction.get("rollback_reason"))
    if branches is not None:
        got = ", ".join("%s %s %s" % (b["branch_id"], b["op"], b["status"]) for b in found["branches"])
        check(got == branches, "branches [%s] (expected: [%s])" % (got, branches))
    balance = world.accounts(gid) if accounts else ledger.balance
    check(balance == {"out": out, "in": inn}, "balances changed by %s" % balance)
    check(not any(ledger.held.values()), "money is still held")


def check(claim, why):
    if not claim:
        raise AssertionError(why)


def raises(part, act):
    try:
        act()
    except AssertionError:
        raise
    except Exception as e:
        check(part in str(e), "error %r (expected: with %r)" % (str(e), part))
        return
    check(False, "no error (expected: one with %r)" % part)


# --- scenarios

def a_saga(world, gid, kind="memory", quick=False):
    transaction = saga.Saga(world.dtm, gid)
    for who in ("out", "in"):
        transaction.add({"amount": AMOUNT}, world.url(kind, who), world.url(kind, who))
    if quick:
        transaction.trans_base.retry_interval = 1
    return transaction


def saga_success(world, gid):
    a_saga(world, gid).submit()
    expect(world, gid, "succeed", "out.action in.action", -30, 30, SAGA_SUCCEEDED)


def saga_rollback(world, gid):
    world.ledger(gid).plans["in.action"] = ["FAILURE"]
    a_saga(world, gid).submit()
    expect(world, gid, "failed", "out.action in.action in.compensate out.compensate", branches=SAGA_ROLLED_BACK, reason="FAILURE")


def saga_retry(world, gid):
    world.ledger(gid).plans["in.action"] = ["ERROR", "ONGOING"]
    a_saga(world, gid, quick=True).submit()
    expect(world, gid, "succeed", "out.action in.action in.action in.action", -30, 30, SAGA_SUCCEEDED)


def saga_ordered(world, gid):
    transaction = a_saga(world, gid)
    # The client reads both attributes from the wrong object, so they are set where it looks.
    transaction.orders, transaction.concurrent = {}, True
    transaction.add_branch_order(1, [0])
    transaction.set_concurrent()
    transaction.submit()
    expect(world, gid, "succeed", "out.action in.action", -30, 30, SAGA_SUCCEEDED)


def saga_wait(world, gid):
    world.ledger(gid).plans["in.action"] = ["FAILURE"]
    transaction = a_saga(world, gid)
    transaction.trans_base.wait_result = True
    raises("FAILURE", transaction.submit)
    expect(world, gid, "failed", "out.action in.action in.compensate out.compensate", branches=SAGA_ROLLED_BACK)


def saga_repeated(world, gid):
    a_saga(world, gid).submit()
    expect(world, gid, "succeed", "out.action in.action", -30, 30, SAGA_SUCCEEDED)
    raises("FAILURE", a_saga(world, gid).submit)
    expect(world, gid, "succeed", "out.action in.action", -30, 30, SAGA_SUCCEEDED)


def a_tcc(world, gid, kind="memory"):
    def branches(transaction):
        for who in ("out", "in"):
            transaction.call_branch({"amount": AMOUNT}, world.url(kind, who), world.url(kind, who), world.url(kind, who))

    return tcc.tcc_global_transaction(world.dtm, gid, branches)


def tcc_success(world, gid):
    check(a_tcc(world, gid) == gid, "no gid from a tcc that succeeded")
    expect(world, gid, "succeed", "out.try in.try in.confirm out.confirm", -30, 30, TCC_CONFIRMED)


def tcc_rollback(world, gid):
    world.ledger(gid).plans["in.try"] = ["FAILURE"]
    check(a_tcc(world, gid) == "", "a gid from a tcc that was refused")
    expect(world, gid, "failed", "out.try in.try in.cancel out.cancel", branches=TCC_CANCELLED)


def tcc_retry(world, gid):
    world.ledger(gid).plans["in.confirm"] = ["ONGOING"]
    check(a_tcc(world, gid) == gid, "no gid from a tcc that succeeded")
    expect(world, gid, "succeed", "out.try in.try in.confirm in.confirm out.confirm", -30, 30, TCC_CONFIRMED)


def a_message(world, gid, kind="memory", accounts=("out", "in")):
    message = msg.Msg(world.dtm, gid)
    for who in accounts:
        message.add({"amount": AMOUNT}, world.url(kind, who))
    message.trans_base.retry_interval = 1
    message.trans_base.timeout_to_fail = 2
    return message


def msg_success(world, gid):
    a_message(world, gid).submit()
    expect(world, gid, "succeed", "out.action in.action", -30, 30, DELIVERED)


def msg_retry(world, gid):
    world.ledger(gid).plans = {"out.action": ["FAILURE"], "in.action": ["ERROR", "ONGOING"]}
    a_message(world, gid).submit()
    expect(world, gid, "succeed", "out.action out.action in.action in.action in.action", -30, 30, DELIVERED)


def msg_check_back_done(world, gid):
    world.ledger(gid).plans["prepared"] = ["ONGOING", "ERROR"]
    a_message(world, gid).prepare(world.url("prepared", "memory"))
    expect(world, gid, "succeed", "prepared prepared prepared out.action in.action", -30, 30, DELIVERED)


def msg_check_back_refused(world, gid):
    world.ledger(gid).plans["prepared"] = ["FAILURE"]
    a_message(world, gid).prepare(world.url("prepared", "memory"))
    expect(world, gid, "failed", "prepared", branches="01 action prepared, 02 action prepared")


def barrier_saga(world, gid):
    world.ledger(gid).plans["out.action"] = ["LOST"]
    a_saga(world, gid, "barrier", quick=True).submit()
    expect(world, gid, "succeed", "out.action out.action in.action", -30, 30, SAGA_SUCCEEDED, accounts=True)


def barrier_saga_rollback(world, gid):
    world.ledger(gid).plans["in.action"] = ["FAILURE"]
    a_saga(world, gid, "barrier").submit()
    expect(world, gid, "failed", "out.action in.action in.compensate out.compensate", branches=SAGA_ROLLED_BACK, accounts=True)


def barrier_tcc(world, gid):
    a_tcc(world, gid, "barrier")
    expect(world, gid, "succeed", "out.try in.try in.confirm out.confirm", -30, 30, TCC_CONFIRMED, accounts=True)


def barrier_tcc_rollback(world, gid):
    world.ledger(gid).plans["in.try"] = ["FAILURE"]
    a_tcc(world, gid, "barrier")
    expect(world, gid, "failed", "out.try in.try in.cancel out.cancel", branches=TCC_CANCELLED, accounts=True)


def local_transaction(gid, fails=None):
    def run(cursor):
        move_in_database(cursor, gid, "out", "action")
        if fails:
            raise fails

    return run


def do_and_submit(world, gid, fails=None):
    with world.cursor() as cursor:
        a_message(world, gid, "barrier", ("in",)).do_and_submit_db(
            world.url("prepared", "barrier"), cursor, local_transaction(gid, fails))


def barrier_msg(world, gid):
    do_and_submit(world, gid)
    expect(world, gid, "succeed", "in.action", -30, 30, accounts=True)


def barrier_msg_refused(world, gid):
    raises("no money", lambda: do_and_submit(world, gid, utils.DTMFailureError("no money")))
    expect(world, gid, "failed", "", accounts=True)


def barrier_msg_local_error(world, gid):
    raises("deadlock", lambda: do_and_submit(world, gid, Exception("deadlock")))
    expect(world, gid, "failed", "prepared", accounts=True)


def barrier_msg_client_died(world, gid):
    a_message(world, gid, "barrier", ("in",)).prepare(world.url("prepared", "barrier"))
    with world.cursor() as cursor:
        barrier.BranchBarrier("msg", gid, "00", "msg").call(cursor, local_transaction(gid))
    expect(world, gid, "succeed", "prepared in.action", -30, 30, accounts=True)


def barrier_msg_check_back_first(world, gid):
    a_message(world, gid, "barrier", ("in",)).prepare(world.url("prepared", "barrier"))
    expect(world, gid, "failed", "prepared", accounts=True)
    with world.cursor() as cursor:
        late = barrier.BranchBarrier("msg", gid, "00", "msg")
        raises("duplicate", lambda: late.call(cursor, local_transaction(gid)))
    expect(world, gid, "failed", "prepared", accounts=True)


SCENARIOS = [
    saga_success, saga_rollback, saga_retry, saga_ordered, saga_wait, saga_repeated,
    tcc_success, tcc_rollback, tcc_retry,
    msg_success, msg_retry, msg_check_back_done, msg_check_back_refused,
    barrier_saga, barrier_saga_rollback, barrier_tcc, barrier_tcc_rollback,
    barrier_msg, barrier_msg_refused, barrier_msg_local_error, barrier_msg_client_died, barrier_msg_check_back_first,
]


def say(line):
    printed.write(line + "\n")  # one write, for scenarios end side by side
    printed.flush()


def run(world, scenario):
    mode, _, rest = scenario.__name__.partition("_")
    name = (mode + "." + rest.replace("_", "-")).rstrip(".")
    if mode == "barrier" and not world.database:
        say("skip python %s: no database" % name)
        return True
    try:
        gid = utils.gen_gid(world.dtm)
        if mode == "barrier":
            world.open_accounts(gid)
        scenario(world, gid)
    except Exception as e:
        say("FAIL python %s: %s" % (name, str(e).replace("\n", " ") or type(e).__name__))
        return False
    say("ok python %s" % name)
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--http", default="http://127.0.0.1:36789")
    parser.add_argument("--db", default="")
    parser.add_argument("--http-port", type=int, default=0)
    flags = parser.parse_args()
    world = World(flags.http, flags.db)
    serve(world, flags.http_port)
    with ThreadPoolExecutor(len(SCENARIOS)) as pool:
        passed = list(pool.map(lambda scenario: run(world, scenario), SCENARIOS))
    sys.exit(0 if all(passed) else 1)


main()
