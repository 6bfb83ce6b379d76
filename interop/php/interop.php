<?php

// Sends what the PHP client (dtm/dtm-client 0.3.7) sends, with PHP's own library only: that client
// needs a framework around it. The business service is business.php, started by this program.
// Prints one line per scenario and fails when one of them does.

declare(strict_types=1);

require __DIR__ . '/ledger.php';

const FINAL_WITHIN = 45;
const SAGA_SUCCEEDED = '01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed';
const SAGA_ROLLED_BACK = '01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed';
const TCC_CONFIRMED = '01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed';
const TCC_CANCELLED = '01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared';
const XA_COMMITTED = '01 rollback prepared, 01 commit succeed, 02 rollback prepared, 02 commit succeed';
const DELIVERED = '01 action succeed, 02 action succeed';

$flags = getopt('', ['http:', 'grpc:', 'db:', 'http-port:']);
$base = $flags['http'] ?? 'http://127.0.0.1:36789';
$dtm = $base . '/api/dtmsvr';
$port = (int) ($flags['http-port'] ?? 0) ?: freePort();
$service = "http://127.0.0.1:$port";
$database = $flags['db'] ?? '';
$state = sys_get_temp_dir() . '/interop-php-' . getmypid();
mkdir($state);
putenv("INTEROP_STATE=$state");
putenv("INTEROP_DTM=$dtm");
putenv("INTEROP_DB=$database");

function freePort(): int
{
    $socket = stream_socket_server('tcp://127.0.0.1:0');
    $name = stream_socket_get_name($socket, false);
    fclose($socket);
    return (int) substr($name, strrpos($name, ':') + 1);
}

function at(string $kind, string $who): string
{
    global $service;
    return "$service/$kind/$who";
}

// --- the client, as it goes over the wire

/** A server, over REST or over JSON-RPC. */
final class Dtm
{
    public function __construct(private bool $jsonRpc)
    {
    }

    public function newGid(): string
    {
        global $dtm;
        if ($this->jsonRpc) {
            return $this->jsonRpc('newGid', [])['gid'];
        }
        $answer = request('GET', "$dtm/newGid");
        if ($answer['dtm_result'] !== 'SUCCESS' || empty($answer['gid'])) {
            throw new RuntimeException('newGid: ' . json_encode($answer));
        }
        return $answer['gid'];
    }

    public function call(string $operation, array $context): void
    {
        global $dtm;
        if ($this->jsonRpc) {
            $this->jsonRpc($operation, $context);
            return;
        }
        $answer = request('POST', "$dtm/$operation", json_encode($context));
        if (($answer['dtm_result'] ?? '') !== 'SUCCESS') {
            throw new RuntimeException(json_encode($answer));
        }
    }

    private function jsonRpc(string $method, array $params): array
    {
        global $base;
        $request = ['jsonrpc' => '2.0', 'method' => $method, 'params' => $params, 'id' => uniqid(), 'context' => []];
        $answer = request('POST', "$base/api/json-rpc", json_encode($request));
        if ($answer['id'] !== $request['id']) {
            throw new RuntimeException('another id: ' . json_encode($answer));
        }
        if ($answer['error'] !== null) {
            throw new RuntimeException(json_encode($answer['error']));
        }
        return $answer['result'] ?? [];
    }
}

// A body is the client's whole context, names in snake case: most of it is of no use to the server.

function sagaContext(string $gid, array $more = []): array
{
    $steps = array_map(fn ($who) => ['action' => at('memory', $who), 'compensate' => at('memory', $who)], ['out', 'in']);
    return ['gid' => $gid, 'trans_type' => 'saga', 'branch_id' => '', 'steps' => $steps, 'payloads' => payloads()] + $more;
}

function messageContext(string $gid, array $more = []): array
{
    $steps = array_map(fn ($who) => ['action' => at('memory', $who)], ['out', 'in']);
    return ['gid' => $gid, 'trans_type' => 'msg', 'branch_id' => '00', 'steps' => $steps, 'payloads' => payloads(), 'op' => 'msg',
        'barrier_id' => 0, 'query_prepared' => at('prepared', 'memory'), 'retry_interval' => 1] + $more;
}

function payloads(): array
{
    return array_fill(0, 2, json_encode(['amount' => AMOUNT, 'note' => 'a/b']));
}

function requestBranch(string $method, string $gid, string $type, string $branch, string $op, string $url, ?array $body): void
{
    global $dtm;
    $query = ['dtm' => $dtm, 'gid' => $gid, 'branch_id' => $branch, 'trans_type' => $type, 'op' => $op];
    if ($type === 'xa') {
        $query['phase2_url'] = $url;
    }
    request($method, $url, $body === null ? null : json_encode($body), $query);
}

function tcc(Dtm $server, string $gid): void
{
    $context = ['gid' => $gid, 'trans_type' => 'tcc', 'branch_id' => '', 'retry_interval' => 1];
    try {
        $server->call('prepare', $context);
        foreach (['out', 'in'] as $i => $who) {
            $branch = sprintf('%02d', $i + 1);
            $url = at('memory', $who);
            $server->call('registerBranch', ['data' => json_encode(['amount' => AMOUNT]), 'branch_id' => $branch, 'confirm' => $url,
                'cancel' => $url, 'gid' => $gid, 'trans_type' => 'tcc']);
            requestBranch('POST', $gid, 'tcc', $branch, 'try', $url, ['amount' => AMOUNT]);
        }
    } catch (Throwable $e) {
        $server->call('abort', $context);
        throw $e;
    }
    $server->call('submit', $context);
}

function xaGlobal(Dtm $server, string $gid): void
{
    $context = ['gid' => $gid, 'trans_type' => 'xa', 'branch_id' => '', 'op' => 'action', 'retry_interval' => 1];
    $server->call('prepare', $context);
    try {
        foreach (['out', 'in'] as $i => $who) {
            $context['sub_branch_id'] = $i + 1;
            requestBranch('POST', $gid, 'xa', sprintf('%02d', $i + 1), 'action', at('xa', $who), ['amount' => AMOUNT]);
        }
        usleep(150000); // MariaDB lets go of a closed XA session a little later
        $server->call('submit', $context);
    } catch (Throwable $e) {
        usleep(150000);
        $server->call('abort', $context);
        throw $e;
    }
}

// --- what a transaction must have come to

function expect(string $gid, string $status, string $calls, ?string $branches = null, bool $moved = true, bool $accounts = false): void
{
    global $dtm;
    $deadline = microtime(true) + FINAL_WITHIN;
    do {
        $found = request('GET', "$dtm/query", null, ['gid' => $gid]);
        $got = $found['transaction']['status'] ?? 'unknown';
        $state = Ledger::of($gid)->state();
        $made = implode(' ', $state['calls']);
        check(microtime(true) < $deadline, "still $got, calls $made");
        usleep(50000);
    } while (! in_array($got, ['succeed', 'failed'], true));
    check($got === $status, "status $got (expected: $status), calls $made");
    check($made === $calls, "calls $made (expected: $calls)");
    if ($branches !== null) {
        $rows = implode(', ', array_map(fn ($b) => "{$b['branch_id']} {$b['op']} {$b['status']}", $found['branches']));
        check($rows === $branches, "branches $rows (expected: $branches)");
    }
    check($state['held'] === ['out' => 0, 'in' => 0], 'money is still held');
    $changed = $accounts ? accounts($gid) : $state['balance'];
    check($changed === ($moved ? ['out' => -AMOUNT, 'in' => AMOUNT] : ['out' => 0, 'in' => 0]), 'balances changed by ' . json_encode($changed));
}

function accounts(string $gid): array
{
    $select = database()->prepare('select balance from account where name = ?');
    $changed = [];
    foreach (['out', 'in'] as $who) {
        $select->execute(["$gid-$who"]);
        $changed[$who] = (int) $select->fetchColumn() - OPENING;
        $select->closeCursor();
    }
    return $changed;
}

function openAccounts(string $gid): void
{
    $insert = database()->prepare('insert into account values (?, ?, 0)');
    $insert->execute(["$gid-out", OPENING]);
    $insert->execute(["$gid-in", OPENING]);
}

function check(bool $claim, string $why): void
{
    if (! $claim) {
        throw new LogicException($why);
    }
}

function refused(callable $act, string $part): void
{
    try {
        $act();
    } catch (RuntimeException $e) {
        check(str_contains($e->getMessage(), $part), "error {$e->getMessage()} (expected: with $part)");
        return;
    }
    check(false, "no error (expected: one with $part)");
}

// --- scenarios

$scenarios = [];
foreach (['' => false, 'jsonrpc.' => true] as $prefix => $jsonRpc) {
    $server = new Dtm($jsonRpc);
    $scenarios += [
        "{$prefix}saga.success" => function () use ($server) {
            $gid = $server->newGid();
            $server->call('submit', sagaContext($gid));
            expect($gid, 'succeed', 'out.action in.action', SAGA_SUCCEEDED);
        },
        "{$prefix}saga.rollback" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('in.action', 'FAILURE');
            $server->call('submit', sagaContext($gid));
            expect($gid, 'failed', 'out.action in.action in.compensate out.compensate', SAGA_ROLLED_BACK, false);
        },
        "{$prefix}saga.retry" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('in.action', 'ERROR', 'ONGOING');
            $server->call('submit', sagaContext($gid, ['retry_interval' => 1]));
            expect($gid, 'succeed', 'out.action in.action in.action in.action', SAGA_SUCCEEDED);
        },
        "{$prefix}saga.ordered" => function () use ($server) {
            $gid = $server->newGid();
            $server->call('submit', sagaContext($gid, ['custom_data' => json_encode(['concurrent' => true, 'orders' => [1 => [0]]])]));
            expect($gid, 'succeed', 'out.action in.action', SAGA_SUCCEEDED);
        },
        "{$prefix}saga.repeated" => function () use ($server) {
            $gid = $server->newGid();
            $server->call('submit', sagaContext($gid));
            expect($gid, 'succeed', 'out.action in.action');
            refused(fn () => $server->call('submit', sagaContext($gid)), 'FAILURE');
            expect($gid, 'succeed', 'out.action in.action');
        },
        "{$prefix}tcc.success" => function () use ($server) {
            $gid = $server->newGid();
            tcc($server, $gid);
            expect($gid, 'succeed', 'out.try in.try in.confirm out.confirm', TCC_CONFIRMED);
        },
        "{$prefix}tcc.rollback" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('in.try', 'FAILURE');
            refused(fn () => tcc($server, $gid), 'FAILURE');
            expect($gid, 'failed', 'out.try in.try in.cancel out.cancel', TCC_CANCELLED, false);
        },
        "{$prefix}tcc.retry" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('in.confirm', 'ERROR');
            tcc($server, $gid);
            expect($gid, 'succeed', 'out.try in.try in.confirm in.confirm out.confirm', TCC_CONFIRMED);
        },
        "{$prefix}msg.retry" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('in.action', 'FAILURE', 'ONGOING');
            $server->call('submit', messageContext($gid));
            expect($gid, 'succeed', 'out.action in.action in.action in.action', DELIVERED);
        },
        "{$prefix}msg.two-phase" => function () use ($server) {
            $gid = $server->newGid();
            $server->call('prepare', messageContext($gid));
            $server->call('submit', messageContext($gid));
            expect($gid, 'succeed', 'out.action in.action', DELIVERED);
        },
        "{$prefix}msg.local-refused" => function () use ($server) {
            $gid = $server->newGid();
            $server->call('prepare', messageContext($gid));
            $server->call('abort', ['gid' => $gid, 'trans_type' => 'msg']);
            expect($gid, 'failed', '', null, false);
        },
        "{$prefix}msg.local-unclear" => function () use ($server) {
            // This client aborts after an unclear error, whatever its own check-back said.
            $gid = $server->newGid();
            $server->call('prepare', messageContext($gid));
            requestBranch('GET', $gid, 'msg', '00', 'msg', at('prepared', 'memory'), null);
            $server->call('abort', messageContext($gid));
            expect($gid, 'failed', 'prepared', null, false);
        },
        "{$prefix}msg.check-back-done" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('prepared', 'ONGOING', 'ERROR');
            $server->call('prepare', messageContext($gid, ['timeout_to_fail' => 1]));
            expect($gid, 'succeed', 'prepared prepared prepared out.action in.action', DELIVERED);
        },
        "{$prefix}msg.check-back-refused" => function () use ($server) {
            $gid = $server->newGid();
            Ledger::of($gid)->plan('prepared', 'FAILURE');
            $server->call('prepare', messageContext($gid, ['timeout_to_fail' => 1]));
            expect($gid, 'failed', 'prepared', null, false);
        },
        "{$prefix}xa.success" => function () use ($server) {
            $gid = $server->newGid();
            openAccounts($gid);
            xaGlobal($server, $gid);
            expect($gid, 'succeed', 'out.action in.action out.commit in.commit', XA_COMMITTED, true, true);
        },
        "{$prefix}xa.rollback" => function () use ($server) {
            $gid = $server->newGid();
            openAccounts($gid);
            Ledger::of($gid)->plan('in.action', 'FAILURE');
            refused(fn () => xaGlobal($server, $gid), 'FAILURE');
            expect($gid, 'failed', 'out.action in.action out.rollback', '01 rollback succeed, 01 commit prepared', false, true);
        },
        "{$prefix}xa.retry" => function () use ($server) {
            $gid = $server->newGid();
            openAccounts($gid);
            Ledger::of($gid)->plan('out.commit', 'ERROR');
            xaGlobal($server, $gid);
            expect($gid, 'succeed', 'out.action in.action out.commit out.commit in.commit', XA_COMMITTED, true, true);
        },
    ];
}
// A concurrent saga without an order: an empty PHP array is a JSON list.
foreach (['none' => null, 'list' => []] as $name => $orders) {
    $scenarios["saga.concurrent-orders-$name"] = function () use ($orders) {
        $server = new Dtm(false);
        $gid = $server->newGid();
        $server->call('submit', sagaContext($gid, ['custom_data' => json_encode(['concurrent' => true, 'orders' => $orders])]));
        awaitBoth($gid);
    };
}
$scenarios['api.query'] = function () {
    global $dtm;
    $server = new Dtm(false);
    $gid = $server->newGid();
    $server->call('submit', sagaContext($gid));
    expect($gid, 'succeed', 'out.action in.action');
    $all = request('GET', "$dtm/all", null, ['gid' => $gid]);
    check(count($all['transactions']) === 1 && $all['transactions'][0]['gid'] === $gid, 'all: ' . json_encode($all));
};

function awaitBoth(string $gid): void
{
    $deadline = microtime(true) + FINAL_WITHIN;
    do {
        usleep(50000);
        $calls = Ledger::of($gid)->state()['calls'];
        check(microtime(true) < $deadline, 'calls ' . implode(' ', $calls));
    } while (count($calls) < 2);
    sort($calls);
    expect($gid, 'succeed', implode(' ', Ledger::of($gid)->state()['calls']), SAGA_SUCCEEDED);
    check($calls === ['in.action', 'out.action'], 'calls ' . implode(' ', $calls));
}

// --- run: one process per scenario, for most of their time is waiting

putenv('PHP_CLI_SERVER_WORKERS=4');
$log = ['file', "$state/business.log", 'a'];
$business = proc_open(['php', '-d', 'opcache.enable_cli=0', '-S', "127.0.0.1:$port", __DIR__ . '/business.php'], [['file', '/dev/null', 'r'], $log, $log], $pipes);
for ($i = 0; $i < 100 && ! @stream_socket_client("tcp://127.0.0.1:$port"); $i++) {
    usleep(50000);
}

$children = [];
foreach ($scenarios as $name => $scenario) {
    if (str_contains($name, 'xa.') && ($database === '' || ! extension_loaded('pdo_mysql'))) {
        echo "skip php $name: ", $database === '' ? 'no database' : 'no pdo_mysql', "\n";
        continue;
    }
    $child = pcntl_fork();
    if ($child === 0) {
        try {
            $scenario();
            fwrite(STDOUT, "ok php $name\n");
        } catch (Throwable $e) {
            fwrite(STDOUT, "FAIL php $name: " . str_replace("\n", ' ', $e->getMessage()) . "\n");
            touch("$state/failed");
        }
        posix_kill(posix_getpid(), SIGKILL); // an exit would wait for the business service, which is the parent's
    }
    $children[] = $child;
}
foreach ($children as $child) {
    pcntl_waitpid($child, $status);
}
$passed = ! file_exists("$state/failed");
$master = proc_get_status($business)['pid'];
$workers = explode(' ', trim((string) @file_get_contents("/proc/$master/task/$master/children")));
proc_terminate($business);
proc_close($business);
foreach (array_filter($workers) as $worker) {
    posix_kill((int) $worker, SIGTERM); // they outlive the process that started them
}
array_map('unlink', glob("$state/*"));
rmdir($state);
exit($passed ? 0 : 1);
