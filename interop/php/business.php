<?php

// The participants, run by "php -S": /memory/out and /memory/in keep money in a file for each
// transaction, /xa/… in MariaDB, as the PHP client's XA does it. Answers follow the scenario's plan.

declare(strict_types=1);

require __DIR__ . '/ledger.php';

[, $kind, $who] = explode('/', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$gid = $_GET['gid'];
$op = $_GET['op'];
$call = $kind === 'prepared' ? 'prepared' : "$who.$op";

$answer = Ledger::of($gid)->change(function (array &$state) use ($call) {
    $state['calls'][] = $call;
    $plan = $state['plans'][$call] ?? [];
    $answer = array_shift($plan) ?? '';
    $state['plans'][$call] = $plan;
    return $answer;
});
$status = ['FAILURE' => 409, 'ONGOING' => 425, 'ERROR' => 500][$answer] ?? 200;
$result = 'SUCCESS';
if ($status !== 200) {
    $result = $answer === 'ERROR' ? "$call broke" : $answer;
} elseif ($kind === 'memory') {
    Ledger::of($gid)->change(fn (array &$state) => move($state, $who, $op));
} elseif ($kind === 'xa') {
    try {
        xa($gid, $who, $op);
    } catch (Throwable $e) {
        [$status, $result] = [500, $e->getMessage()];
    }
}
http_response_code($status);
header('Content-Type: application/json');
echo json_encode(['dtm_result' => $result]);

function move(array &$state, string $who, string $op): void
{
    $delta = $who === 'out' ? -AMOUNT : AMOUNT;
    switch ($op) {
        case 'action':
            $state['balance'][$who] += $delta;
            break;
        case 'compensate':
            $state['balance'][$who] = 0;
            break;
        case 'try':
            $state['held'][$who] = $delta;
            break;
        case 'confirm':
            $state['balance'][$who] += $state['held'][$who];
            $state['held'][$who] = 0;
            break;
        case 'cancel':
            $state['held'][$who] = 0;
            break;
        default:
            throw new RuntimeException("unknown op $op");
    }
}

function xa(string $gid, string $who, string $op): void
{
    $pdo = database();
    $xid = $pdo->quote($gid . '-' . $_GET['branch_id']);
    $barrier = $pdo->prepare('insert ignore into barrier (trans_type, gid, branch_id, op, barrier_id, reason) values (?, ?, ?, ?, ?, ?)');
    $row = fn (string $reason) => ['xa', $gid, $_GET['branch_id'], 'action', '01', $reason];
    if ($op !== 'action') {
        try {
            $pdo->exec("xa $op $xid");
        } catch (PDOException $e) {
            if (! str_contains($e->getMessage(), 'XAER_NOTA')) {
                throw $e;
            }
        }
        if ($op === 'rollback') {
            $barrier->execute($row('rollback'));
        }
        return;
    }
    $pdo->exec("xa start $xid");
    $barrier->execute($row('action'));
    $pdo->prepare('update account set balance = balance + ? where name = ?')
        ->execute([$who === 'out' ? -AMOUNT : AMOUNT, "$gid-$who"]);
    // The whole context is at hand here, but a registration carries these four.
    request('POST', getenv('INTEROP_DTM') . '/registerBranch', json_encode([
        'url' => $_GET['phase2_url'],
        'branch_id' => $_GET['branch_id'],
        'gid' => $gid,
        'trans_type' => 'xa',
    ]));
    $pdo->exec("xa end $xid");
    $pdo->exec("xa prepare $xid");
}
