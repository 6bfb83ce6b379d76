// Sends what the Node client (dtmcli 0.0.12) sends, byte by byte, with Node's own library only: no
// registry within reach serves that client to a build. The business service runs in this process.
// Prints one line per scenario and fails when one of them does.
'use strict';

const http = require('node:http');
const { parseArgs } = require('node:util');

const AMOUNT = 30;
const FINAL_WITHIN_MS = 45_000;
const SAGA_SUCCEEDED = '01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed';
const SAGA_ROLLED_BACK = '01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed';
const TCC_CONFIRMED = '01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed';
const TCC_CANCELLED = '01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared';
const DELIVERED = '01 action succeed, 02 action succeed';

const { values: flags } = parseArgs({
  options: {
    http: { type: 'string', default: 'http://127.0.0.1:36789' },
    'http-port': { type: 'string', default: '0' },
    grpc: { type: 'string' },
    db: { type: 'string' },
  },
});
const dtm = `${flags.http}/api/dtmsvr`;

// --- the business service

const ledgers = new Map();

function ledger(gid) {
  if (!ledgers.has(gid)) {
    ledgers.set(gid, { calls: [], plans: {}, balance: { out: 0, in: 0 }, held: { out: 0, in: 0 }, requests: [] });
  }
  return ledgers.get(gid);
}

function handle(kind, who, query) {
  const of = ledger(query.get('gid'));
  // This client's try carries branch_type where the others carry op.
  const op = query.get('op') ?? query.get('branch_type');
  const call = kind === 'prepared' ? 'prepared' : `${who}.${op}`;
  of.calls.push(call);
  const answer = of.plans[call]?.shift() ?? '';
  if (answer === 'FAILURE') return [409, { dtm_result: 'FAILURE', message: `${call} refused` }];
  if (answer === 'ONGOING') return [200, { dtm_result: 'ONGOING' }];
  if (answer === 'ERROR') return [500, { message: `${call} broke` }];
  if (kind !== 'prepared') move(of, who, op);
  return [200, { dtm_result: 'SUCCESS' }];
}

function move(of, who, op) {
  const delta = who === 'out' ? -AMOUNT : AMOUNT;
  switch (op) {
    case 'action': of.balance[who] += delta; break;
    case 'compensate': of.balance[who] = 0; break;
    case 'try': of.held[who] = delta; break;
    case 'confirm': of.balance[who] += of.held[who]; of.held[who] = 0; break;
    case 'cancel': of.held[who] = 0; break;
    default: throw new Error(`unknown op ${op}`);
  }
}

const service = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const url = new URL(request.url, 'http://service');
    const [, kind, who] = url.pathname.split('/');
    ledger(url.searchParams.get('gid')).requests.push([...url.searchParams.keys()].sort().join(' '));
    const [status, body] = handle(kind, who, url.searchParams);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  });
});

const at = (kind, who) => `http://127.0.0.1:${service.address().port}/${kind}/${who}`;

// --- the client, as it goes over the wire (axios: JSON without blanks, its own Accept)

async function axios(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      Accept: 'application/json, text/plain, */*',
      'User-Agent': 'axios/0.27.2',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body,
  });
  const text = await response.text();
  if (response.status < 200 || response.status >= 300) throw new Error(`Request failed with status code ${response.status}: ${text}`);
  return text;
}

async function callDtm(operation, body) {
  const text = await axios('POST', `${dtm}/${operation}`, JSON.stringify(body));
  if (text.includes('FAILURE')) throw new Error(text);
}

async function newGid() {
  const { gid } = JSON.parse(await axios('GET', `${dtm}/newGid`));
  if (!gid) throw new Error('newGid: no gid');
  return gid;
}

function sagaBody(gid, customData) {
  const steps = ['out', 'in'].map((who) => ({ action: at('memory', who), compensate: at('memory', who) }));
  const body = { gid, trans_type: 'saga', steps, payloads: steps.map(() => JSON.stringify({ amount: AMOUNT })) };
  if (customData) body.custom_data = JSON.stringify(customData);
  return body;
}

async function tcc(gid) {
  const body = { gid, trans_type: 'tcc' };
  try {
    await axios('POST', `${dtm}/prepare`, JSON.stringify(body));
    let number = 0;
    for (const who of ['out', 'in']) {
      const branch = `0${++number}`;
      const url = at('memory', who);
      await axios('POST', `${dtm}/registerTccBranch`, JSON.stringify({
        gid,
        branch_id: branch,
        trans_type: 'tcc',
        status: 'prepared',
        data: JSON.stringify({ amount: AMOUNT }),
        try: url,
        confirm: url,
        cancel: url,
      }));
      await axios('POST', `${url}?gid=${gid}&trans_type=tcc&branch_id=${branch}&branch_type=try`, JSON.stringify({ amount: AMOUNT }));
    }
    await axios('POST', `${dtm}/submit`, JSON.stringify(body));
  } catch (e) {
    await axios('POST', `${dtm}/abort`, JSON.stringify(body));
    return '';
  }
  return gid;
}

// The options come first, members without a value are left out.
function message(gid, options = {}, customData = undefined) {
  const steps = ['out', 'in'].map((who) => ({ action: at('memory', who) }));
  return {
    ...options,
    gid,
    trans_type: 'msg',
    custom_data: customData,
    steps,
    payloads: steps.map(() => JSON.stringify({ amount: AMOUNT })),
    query_prepared: at('prepared', 'memory'),
  };
}

async function doAndSubmit(gid, fails) {
  const body = message(gid, { retry_interval: 1 });
  await callDtm('prepare', body);
  if (fails === 'FAILURE') {
    await callDtm('abort', body);
    return;
  }
  if (fails) {
    const query = new URLSearchParams({ dtm, gid, branch_id: '00', trans_type: 'msg', op: 'msg' });
    const text = await axios('GET', `${body.query_prepared}?${query}`);
    if (text.includes('FAILURE')) throw new Error(text);
  }
  await callDtm('submit', body);
}

// --- what a transaction must have come to

async function expect(gid, status, calls, { branches, moved = true, reason = '' } = {}) {
  const of = ledger(gid);
  const deadline = Date.now() + FINAL_WITHIN_MS;
  let found;
  for (;;) {
    const response = await fetch(`${dtm}/query?gid=${gid}`);
    found = await response.json();
    if (['succeed', 'failed'].includes(found.transaction?.status)) break;
    check(Date.now() < deadline, `still ${found.transaction?.status}, calls ${of.calls}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  check(found.transaction.status === status, `status ${found.transaction.status} (expected: ${status}), calls ${of.calls}`);
  check(of.calls.join(' ') === calls, `calls ${of.calls.join(' ')} (expected: ${calls})`);
  check((found.transaction.rollback_reason ?? '').includes(reason), `reason ${found.transaction.rollback_reason}`);
  if (branches !== undefined) {
    const rows = found.branches.map((b) => `${b.branch_id} ${b.op} ${b.status}`).join(', ');
    check(rows === branches, `branches ${rows} (expected: ${branches})`);
  }
  const out = moved ? -AMOUNT : 0;
  check(of.balance.out === out && of.balance.in === -out, `balances changed by ${JSON.stringify(of.balance)}`);
  check(of.held.out === 0 && of.held.in === 0, 'money is still held');
}

function check(claim, why) {
  if (!claim) throw new Error(why);
}

async function fails(promise) {
  try {
    await promise;
  } catch {
    return;
  }
  throw new Error('no error (expected: one)');
}

// --- scenarios

const scenarios = {
  async 'saga.success'(gid) {
    await axios('POST', `${dtm}/submit`, JSON.stringify(sagaBody(gid)));
    await expect(gid, 'succeed', 'out.action in.action', { branches: SAGA_SUCCEEDED });
    // Nothing but these four may be added to the URL: some participants refuse unknown names.
    check(ledger(gid).requests.every((keys) => keys === 'branch_id gid op trans_type'), `queries ${ledger(gid).requests}`);
  },
  async 'saga.rollback'(gid) {
    ledger(gid).plans['in.action'] = ['FAILURE'];
    await axios('POST', `${dtm}/submit`, JSON.stringify(sagaBody(gid)));
    await expect(gid, 'failed', 'out.action in.action in.compensate out.compensate',
      { branches: SAGA_ROLLED_BACK, moved: false, reason: 'in.action refused' });
  },
  async 'saga.retry'(gid) {
    ledger(gid).plans['in.action'] = ['ONGOING'];
    await axios('POST', `${dtm}/submit`, JSON.stringify(sagaBody(gid)));
    await expect(gid, 'succeed', 'out.action in.action in.action', { branches: SAGA_SUCCEEDED });
  },
  async 'saga.ordered'(gid) {
    await axios('POST', `${dtm}/submit`, JSON.stringify(sagaBody(gid, { concurrent: true, orders: { 1: [0] } })));
    await expect(gid, 'succeed', 'out.action in.action', { branches: SAGA_SUCCEEDED });
  },
  async 'saga.repeated'(gid) {
    await axios('POST', `${dtm}/submit`, JSON.stringify(sagaBody(gid)));
    await expect(gid, 'succeed', 'out.action in.action');
    await fails(axios('POST', `${dtm}/submit`, JSON.stringify(sagaBody(gid))));
    await expect(gid, 'succeed', 'out.action in.action');
  },
  async 'tcc.success'(gid) {
    check(await tcc(gid) === gid, 'no gid from a tcc that succeeded');
    await expect(gid, 'succeed', 'out.try in.try in.confirm out.confirm', { branches: TCC_CONFIRMED });
  },
  async 'tcc.rollback'(gid) {
    ledger(gid).plans['in.try'] = ['FAILURE'];
    check(await tcc(gid) === '', 'a gid from a tcc that was refused');
    await expect(gid, 'failed', 'out.try in.try in.cancel out.cancel', { branches: TCC_CANCELLED, moved: false });
  },
  async 'tcc.retry'(gid) {
    ledger(gid).plans['in.confirm'] = ['ONGOING'];
    check(await tcc(gid) === gid, 'no gid from a tcc that succeeded');
    await expect(gid, 'succeed', 'out.try in.try in.confirm in.confirm out.confirm', { branches: TCC_CONFIRMED });
  },
  async 'msg.success'(gid) {
    await callDtm('submit', message(gid));
    await expect(gid, 'succeed', 'out.action in.action', { branches: DELIVERED });
  },
  async 'msg.retry'(gid) {
    ledger(gid).plans = { 'out.action': ['FAILURE'], 'in.action': ['ERROR', 'ONGOING'] };
    await callDtm('submit', message(gid, { retry_interval: 1 }));
    await expect(gid, 'succeed', 'out.action out.action in.action in.action in.action', { branches: DELIVERED });
  },
  async 'msg.delay'(gid) {
    const began = Date.now();
    await callDtm('submit', message(gid, {}, '{"delay": 2}'));
    await expect(gid, 'succeed', 'out.action in.action', { branches: DELIVERED });
    check(Date.now() - began > 1900, 'delivered too early');
  },
  async 'msg.two-phase'(gid) {
    await doAndSubmit(gid);
    await expect(gid, 'succeed', 'out.action in.action', { branches: DELIVERED });
  },
  async 'msg.local-refused'(gid) {
    await doAndSubmit(gid, 'FAILURE');
    await expect(gid, 'failed', '', { moved: false });
  },
  async 'msg.local-unclear'(gid) {
    await doAndSubmit(gid, 'unclear');
    await expect(gid, 'succeed', 'prepared out.action in.action', { branches: DELIVERED });
  },
  async 'msg.check-back-done'(gid) {
    ledger(gid).plans.prepared = ['ONGOING', 'ERROR'];
    await callDtm('prepare', message(gid, { timeout_to_fail: 1, retry_interval: 1 }));
    await expect(gid, 'succeed', 'prepared prepared prepared out.action in.action', { branches: DELIVERED });
  },
  async 'msg.check-back-refused'(gid) {
    ledger(gid).plans.prepared = ['FAILURE'];
    await callDtm('prepare', message(gid, { timeout_to_fail: 1, retry_interval: 1 }));
    await expect(gid, 'failed', 'prepared', { branches: '01 action prepared, 02 action prepared', moved: false });
  },
};

async function run(name) {
  try {
    await scenarios[name](await newGid());
    console.log(`ok node ${name}`);
    return true;
  } catch (e) {
    console.log(`FAIL node ${name}: ${String(e.message).replaceAll('\n', ' ')}`);
    return false;
  }
}

service.listen(Number(flags['http-port']), '127.0.0.1', async () => {
  const passed = await Promise.all(Object.keys(scenarios).map(run));
  process.exit(passed.every(Boolean) ? 0 : 1);
});
