package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmcli/dtmimp"
	"github.com/dtm-labs/client/dtmgrpc"
	"github.com/go-resty/resty/v2"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const (
	sagaSucceeded  = "01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed"
	sagaRolledBack = "01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed"
	tccConfirmed   = "01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed"
	tccCancelled   = "01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared"
	xaCommitted    = "01 rollback prepared, 01 commit succeed, 02 rollback prepared, 02 commit succeed"

	// MariaDB lets go of a closed XA session a little later, and this client takes "unknown XA id" as done.
	xaSessionClosed = 150 * time.Millisecond
)

var unchanged = func(*dtmcli.Saga) {}

func quick(s *dtmcli.Saga) { s.RetryInterval = 1 }

func quickMessage(m *dtmcli.Msg) { m.RetryInterval = 1 }

func apiScenarios() []scenario {
	return []scenario{
		{name: "api.version", run: func(w *world, _ string) error {
			response, err := resty.New().R().Get(w.rest + "/version")
			if err == nil && (response.StatusCode() != 200 || !strings.Contains(response.String(), `"version"`)) {
				err = errors.New(response.String())
			}
			return err
		}},
		{name: "api.unknown-gid", run: func(w *world, _ string) error {
			found, err := w.query("unknown-" + fmt.Sprint(time.Now().UnixNano()))
			if err == nil && (found.Transaction != nil || found.Branches == nil || len(found.Branches) != 0) {
				err = fmt.Errorf("found %v", found)
			}
			return err
		}},
		{name: "api.repeated-submit", run: repeatedSubmit(overRest)},
		{name: "grpc.api.repeated-submit", run: repeatedSubmit(overGrpc)},
		{name: "jsonrpc.api.repeated-submit", run: repeatedSubmit(overJsonRpc)},
		{name: "api.force-stop", run: func(w *world, gid string) error {
			w.business.open(gid).plan("out.action", strings.Fields(strings.Repeat("ERROR ", 50))...)
			if err := overRest.saga(w, gid, "memory", unchanged); err != nil {
				return err
			}
			time.Sleep(300 * time.Millisecond)
			response, err := resty.New().R().SetBody(map[string]string{"gid": gid}).Post(w.rest + "/forceStop")
			if err != nil {
				return err
			}
			if response.StatusCode() != 200 {
				return errors.New(response.String())
			}
			return w.expect(gid, outcome{status: "failed", calls: "out.action"})
		}},
	}
}

// A submit is accepted again while the transaction runs, and refused once it is over.
func repeatedSubmit(t transport) func(*world, string) error {
	return func(w *world, gid string) error {
		if err := t.saga(w, gid, "memory", unchanged); err != nil {
			return err
		}
		if _, err := w.awaitStatus(gid, "succeed"); err != nil {
			return err
		}
		if err := wantError(t.saga(w, gid, "memory", unchanged), "FAILURE"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30})
	}
}

func sagaScenarios() (all []scenario) {
	for _, t := range []transport{overRest, overJsonRpc, overGrpc} {
		t := t
		add := func(name string, run func(w *world, gid string) error) {
			all = append(all, scenario{name: t.prefix() + "saga." + name, run: run})
		}
		add("success", func(w *world, gid string) error {
			if err := t.saga(w, gid, "memory", unchanged); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30, branches: sagaSucceeded})
		})
		add("rollback", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "FAILURE")
			if err := t.saga(w, gid, "memory", unchanged); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", calls: "out.action in.action in.compensate out.compensate",
				branches: sagaRolledBack, reason: "refused"})
		})
		add("retry", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "ERROR")
			if err := t.saga(w, gid, "memory", quick); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action in.action", out: -30, in: 30, branches: sagaSucceeded})
		})
		add("ongoing", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "ONGOING")
			if err := t.saga(w, gid, "memory", quick); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action in.action", out: -30, in: 30, branches: sagaSucceeded})
		})
		add("compensation-retry", func(w *world, gid string) error {
			l := w.business.open(gid)
			l.plan("in.action", "FAILURE")
			l.plan("out.compensate", "ERROR")
			if err := t.saga(w, gid, "memory", quick); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", branches: sagaRolledBack,
				calls: "out.action in.action in.compensate out.compensate out.compensate"})
		})
		add("wait", func(w *world, gid string) error {
			if err := t.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.WaitResult = true }); err != nil {
				return err
			}
			found, err := w.query(gid)
			if err == nil && found.Transaction.Status != "succeed" {
				err = fmt.Errorf("answered while %s", found.Transaction.Status)
			}
			return err
		})
		add("wait-rollback", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "FAILURE")
			err := t.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.WaitResult = true })
			if err = wantError(err, "FAILURE"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", calls: "out.action in.action in.compensate out.compensate", branches: sagaRolledBack})
		})
		add("ordered", func(w *world, gid string) error {
			err := t.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.SetConcurrent().AddBranchOrder(1, []int{0}) })
			if err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30, branches: sagaSucceeded})
		})
		add("timeout", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", strings.Fields(strings.Repeat("ONGOING ", 50))...)
			err := t.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.TimeoutToFail, s.RetryInterval = 2, 1 })
			if err != nil {
				return err
			}
			found, err := w.awaitStatus(gid, "succeed", "failed")
			if err == nil && (found.Transaction.Status != "failed" || !strings.Contains(found.Transaction.RollbackReason, "Timeout after 2 seconds")) {
				err = fmt.Errorf("%s, reason %q", found.Transaction.Status, found.Transaction.RollbackReason)
			}
			if err != nil {
				return err
			}
			return w.expectBalances(gid, outcome{})
		})
		add("retry-limit", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "ERROR", "ERROR", "ERROR", "ERROR")
			if err := t.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.RetryLimit, s.RetryInterval = 1, 1 }); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", reason: "RetryCount is greater than RetryLimit, RetryLimit: 1",
				calls:    "out.action in.action in.action in.compensate out.compensate",
				branches: "01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action prepared"})
		})
		if t == overJsonRpc {
			continue
		}
		add("headers", func(w *world, gid string) error {
			err := t.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.BranchHeaders = map[string]string{"Test-Header": "kept"} })
			if err != nil {
				return err
			}
			if err = w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30}); err != nil {
				return err
			}
			if headers := fmt.Sprint(w.business.open(gid).headers); headers != "[kept kept]" {
				return fmt.Errorf("headers %s", headers)
			}
			return nil
		})
	}
	all = append(all, scenario{name: "grpc.saga.mixed-with-http", run: func(w *world, gid string) error {
		out, in := overGrpc.url(w, "memory", "out"), overRest.url(w, "memory", "in")
		s := dtmgrpc.NewSagaGrpc(w.grpc, gid).Add(out, out, &wrapperspb.StringValue{}).Add(in, in, &wrapperspb.StringValue{Value: "x"})
		if err := s.Submit(); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30})
	}})
	return all
}

// tcc of two branches; the local part fails with local, and in comes second.
func (t transport) tcc(w *world, gid, outKind, inKind string, local error) error {
	if t == overGrpc {
		return dtmgrpc.TccGlobalTransaction2(w.grpc, gid, func(tcc *dtmgrpc.TccGrpc) { tcc.RetryInterval = 1 }, func(tcc *dtmgrpc.TccGrpc) error {
			out := t.url(w, outKind, "out")
			if err := tcc.CallBranch(&wrapperspb.StringValue{}, out, out, out, &emptypb.Empty{}); err != nil {
				return err
			}
			if inKind != "" {
				in := t.url(w, inKind, "in")
				if err := tcc.CallBranch(&wrapperspb.StringValue{}, in, in, in, &emptypb.Empty{}); err != nil {
					return err
				}
			}
			return local
		})
	}
	custom := func(tcc *dtmcli.Tcc) {
		tcc.Protocol = t.protocol()
		tcc.RetryInterval = 1
	}
	return dtmcli.TccGlobalTransaction2(t.server(w), gid, custom, func(tcc *dtmcli.Tcc) (*resty.Response, error) {
		try, second := overRest.url(w, outKind, "out"), t.url(w, outKind, "out")
		if outKind != "memory" {
			second = try
		}
		response, err := tcc.CallBranch(payload(), try, second, second)
		if err != nil {
			return response, err
		}
		if inKind != "" {
			try, second := overRest.url(w, inKind, "in"), t.url(w, inKind, "in")
			if inKind != "memory" {
				second = try
			}
			if response, err = tcc.CallBranch(payload(), try, second, second); err != nil {
				return response, err
			}
		}
		return nil, local
	})
}

func tccScenarios() (all []scenario) {
	for _, t := range []transport{overRest, overJsonRpc, overGrpc} {
		t := t
		add := func(name string, run func(w *world, gid string) error) {
			all = append(all, scenario{name: t.prefix() + "tcc." + name, run: run})
		}
		add("success", func(w *world, gid string) error {
			if err := t.tcc(w, gid, "memory", "memory", nil); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.try in.try in.confirm out.confirm", out: -30, in: 30, branches: tccConfirmed})
		})
		add("rollback", func(w *world, gid string) error {
			w.business.open(gid).plan("in.try", "FAILURE")
			if err := wantError(t.tcc(w, gid, "memory", "memory", nil), "in.try refused"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", calls: "out.try in.try in.cancel out.cancel", branches: tccCancelled, reason: "refused"})
		})
		add("local-error", func(w *world, gid string) error {
			if err := wantError(t.tcc(w, gid, "memory", "memory", errors.New("changed my mind")), "changed my mind"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", calls: "out.try in.try in.cancel out.cancel", branches: tccCancelled, reason: "changed my mind"})
		})
		add("retry", func(w *world, gid string) error {
			w.business.open(gid).plan("in.confirm", "ERROR", "ONGOING")
			if err := t.tcc(w, gid, "memory", "memory", nil); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", branches: tccConfirmed, out: -30, in: 30,
				calls: "out.try in.try in.confirm in.confirm in.confirm out.confirm"})
		})
		add("cancel-retry", func(w *world, gid string) error {
			l := w.business.open(gid)
			l.plan("in.try", "FAILURE")
			l.plan("out.cancel", "ERROR")
			if err := wantError(t.tcc(w, gid, "memory", "memory", nil), "in.try refused"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", calls: "out.try in.try in.cancel out.cancel out.cancel", branches: tccCancelled})
		})
		if t == overJsonRpc {
			continue
		}
		add("nested", func(w *world, gid string) error {
			if err := t.tcc(w, gid, "nested", "", nil); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", in: 30, calls: "out.try in.try in.confirm out.confirm",
				branches: "01 cancel prepared, 01 confirm succeed, 0101 cancel prepared, 0101 confirm succeed"})
		})
	}
	all = append(all, scenario{name: "tcc.timeout", run: func(w *world, gid string) error {
		tb := dtmimp.NewTransBase(gid, "tcc", w.rest, "")
		tb.TimeoutToFail, tb.RetryInterval = 2, 1
		if err := dtmimp.TransCallDtm(tb, "prepare"); err != nil {
			return err
		}
		tcc := &dtmcli.Tcc{TransBase: *tb}
		out := overRest.url(w, "memory", "out")
		if _, err := tcc.CallBranch(payload(), out, out, out); err != nil {
			return err
		}
		if err := w.expect(gid, outcome{status: "failed", calls: "out.try out.cancel", reason: "Timeout after 2 seconds",
			branches: "01 cancel succeed, 01 confirm prepared"}); err != nil {
			return err
		}
		_, err := tcc.CallBranch(payload(), out, out, out)
		return wantError(err, "FAILURE")
	}})
	return all
}

func messageScenarios() (all []scenario) {
	const delivered = "01 action succeed, 02 action succeed"
	const waiting = "01 action prepared, 02 action prepared"
	for _, t := range []transport{overRest, overJsonRpc, overGrpc} {
		t := t
		add := func(name string, run func(w *world, gid string) error) {
			all = append(all, scenario{name: t.prefix() + "msg." + name, run: run})
		}
		add("success", func(w *world, gid string) error {
			if err := t.message(w, gid, "memory", quickMessage).Submit(); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30, branches: delivered})
		})
		add("retry", func(w *world, gid string) error {
			l := w.business.open(gid)
			l.plan("out.action", "FAILURE")
			l.plan("in.action", "ERROR", "ONGOING")
			if err := t.message(w, gid, "memory", quickMessage).Submit(); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", out: -30, in: 30, branches: delivered,
				calls: "out.action out.action in.action in.action in.action"})
		})
		add("two-phase", func(w *world, gid string) error {
			m := t.message(w, gid, "memory", quickMessage)
			if err := m.Prepare(t.checkBack(w, "memory")); err != nil {
				return err
			}
			if calls := w.business.open(gid).callsSoFar(); len(calls) > 0 {
				return fmt.Errorf("calls %v before the submit", calls)
			}
			if err := m.Submit(); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30, branches: delivered})
		})
		quickCheckBack := func(m *dtmcli.Msg) { m.TimeoutToFail, m.RetryInterval = 1, 1 }
		add("check-back-done", func(w *world, gid string) error {
			w.business.open(gid).plan("prepared", "ONGOING", "ERROR")
			if err := t.message(w, gid, "memory", quickCheckBack).Prepare(t.checkBack(w, "memory")); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", out: -30, in: 30, branches: delivered,
				calls: "prepared prepared prepared out.action in.action"})
		})
		add("check-back-refused", func(w *world, gid string) error {
			w.business.open(gid).plan("prepared", "FAILURE")
			if err := t.message(w, gid, "memory", quickCheckBack).Prepare(t.checkBack(w, "memory")); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", calls: "prepared", branches: waiting})
		})
		add("topic", func(w *world, gid string) error {
			topic := "go-" + gid
			for _, who := range []string{"out", "in"} {
				if err := t.subscribe(w, topic, t.url(w, "memory", who)); err != nil {
					return err
				}
			}
			time.Sleep(4 * time.Second) // other nodes learn of a subscription within seconds
			if err := t.toTopic(w, gid, topic); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30,
				branches: "01-01 action succeed, 01-02 action succeed"})
		})
		add("delay", func(w *world, gid string) error {
			began := time.Now()
			delayed := func(m *dtmcli.Msg) { m.SetDelay(2) }
			if err := t.message(w, gid, "memory", delayed).Submit(); err != nil {
				return err
			}
			if err := w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30, branches: delivered}); err != nil {
				return err
			}
			if waited := time.Since(began); waited < 1900*time.Millisecond {
				return fmt.Errorf("delivered after %s (expected: 2 s)", waited)
			}
			return nil
		})
	}
	return all
}

func (t transport) subscribe(w *world, topic, url string) error {
	if t == overGrpc {
		return subscribeOverGrpc(w, topic, url)
	}
	response, err := resty.New().R().SetQueryParams(map[string]string{"topic": topic, "url": url, "remark": "interop"}).Get(w.rest + "/subscribe")
	if err == nil && response.StatusCode() != http.StatusOK {
		err = errors.New(response.String())
	}
	return err
}

func (t transport) toTopic(w *world, gid, topic string) error {
	if t == overGrpc {
		return dtmgrpc.NewMsgGrpc(w.grpc, gid).AddTopic(topic, &wrapperspb.StringValue{}).Submit()
	}
	m := dtmcli.NewMsg(t.server(w), gid)
	m.Protocol = t.protocol()
	return m.AddTopic(topic, payload()).Submit()
}

// barrierScenarios run the client's barrier on the database, so that repeats and gaps leave no trace.
func barrierScenarios() (all []scenario) {
	for _, t := range []transport{overRest, overGrpc} {
		t := t
		add := func(name string, run func(w *world, gid string) error) {
			all = append(all, scenario{name: t.prefix() + "barrier." + name, needsDb: true, run: func(w *world, gid string) error {
				if err := w.business.openAccounts(gid); err != nil {
					return err
				}
				return run(w, gid)
			}})
		}
		add("saga", func(w *world, gid string) error {
			if err := t.saga(w, gid, "barrier", unchanged); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", accounts: true, out: -30, in: 30, branches: sagaSucceeded})
		})
		add("saga-rollback", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "FAILURE")
			if err := t.saga(w, gid, "barrier", unchanged); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", accounts: true, branches: sagaRolledBack,
				calls: "out.action in.action in.compensate out.compensate"})
		})
		add("saga-answer-lost", func(w *world, gid string) error {
			w.business.open(gid).plan("out.action", "LOST")
			if err := t.saga(w, gid, "barrier", quick); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, branches: sagaSucceeded,
				calls: "out.action out.action in.action"})
		})
		add("tcc", func(w *world, gid string) error {
			w.business.open(gid).plan("out.confirm", "LOST")
			if err := t.tcc(w, gid, "barrier", "barrier", nil); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, branches: tccConfirmed,
				calls: "out.try in.try in.confirm out.confirm out.confirm"})
		})
		add("tcc-rollback", func(w *world, gid string) error {
			w.business.open(gid).plan("in.try", "FAILURE")
			if err := wantError(t.tcc(w, gid, "barrier", "barrier", nil), "refused"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", accounts: true, branches: tccCancelled,
				calls: "out.try in.try in.cancel out.cancel"})
		})
		add("msg", func(w *world, gid string) error {
			if err := t.doAndSubmit(w, gid, nil); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, calls: "in.action"})
		})
		add("msg-refused", func(w *world, gid string) error {
			if err := wantError(t.doAndSubmit(w, gid, dtmcli.ErrFailure), "FAILURE"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", accounts: true})
		})
		add("msg-local-error", func(w *world, gid string) error {
			if err := wantError(t.doAndSubmit(w, gid, errors.New("deadlock")), "deadlock"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", accounts: true, calls: "prepared"})
		})
		add("msg-client-died", func(w *world, gid string) error {
			m := t.oneStep(w, gid)
			if err := m.Prepare(t.checkBack(w, "barrier")); err != nil {
				return err
			}
			if err := w.localTransaction(gid); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, calls: "prepared in.action"})
		})
		add("msg-check-back-first", func(w *world, gid string) error {
			m := t.oneStep(w, gid)
			if err := m.Prepare(t.checkBack(w, "barrier")); err != nil {
				return err
			}
			if err := w.expect(gid, outcome{status: "failed", accounts: true, calls: "prepared"}); err != nil {
				return err
			}
			if err := wantError(w.localTransaction(gid), "DUPLICATED"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", accounts: true, calls: "prepared"})
		})
	}
	return all
}

// localTransaction is what a message's sender does between prepare and submit.
func (w *world) localTransaction(gid string) error {
	bb, err := dtmcli.BarrierFrom("msg", gid, dtmimp.MsgDoBranch0, dtmimp.MsgDoOp)
	if err != nil {
		return err
	}
	return bb.CallWithDB(w.db, func(tx *sql.Tx) error { return w.business.moveInDatabase(tx, gid, "out", "action") })
}

func (t transport) oneStep(w *world, gid string) message {
	in := t.url(w, "barrier", "in")
	if t == overGrpc {
		m := dtmgrpc.NewMsgGrpc(w.grpc, gid).Add(in, &wrapperspb.StringValue{})
		m.TimeoutToFail, m.RetryInterval = 2, 1
		return m
	}
	m := dtmcli.NewMsg(w.rest, gid).Add(in, payload())
	m.TimeoutToFail, m.RetryInterval = 2, 1
	return m
}

func (t transport) doAndSubmit(w *world, gid string, fails error) error {
	local := func(tx *sql.Tx) error {
		if err := w.business.moveInDatabase(tx, gid, "out", "action"); err != nil {
			return err
		}
		return fails
	}
	if m, ok := t.oneStep(w, gid).(*dtmgrpc.MsgGrpc); ok {
		return m.DoAndSubmitDB(t.checkBack(w, "barrier"), w.db, local)
	}
	return t.oneStep(w, gid).(*dtmcli.Msg).DoAndSubmitDB(t.checkBack(w, "barrier"), w.db, local)
}

func (t transport) xa(w *world, gid string) error {
	if t == overGrpc {
		return dtmgrpc.XaGlobalTransaction2(w.grpc, gid, func(xa *dtmgrpc.XaGrpc) { xa.RetryInterval = 1 }, func(xa *dtmgrpc.XaGrpc) error {
			defer time.Sleep(xaSessionClosed)
			if err := xa.CallBranch(&wrapperspb.StringValue{}, t.url(w, "xa", "out"), &emptypb.Empty{}); err != nil {
				return err
			}
			return xa.CallBranch(&wrapperspb.StringValue{}, t.url(w, "xa", "in"), &emptypb.Empty{})
		})
	}
	return dtmcli.XaGlobalTransaction2(w.rest, gid, func(xa *dtmcli.Xa) { xa.RetryInterval = 1 }, func(xa *dtmcli.Xa) (*resty.Response, error) {
		defer time.Sleep(xaSessionClosed)
		if response, err := xa.CallBranch(payload(), t.url(w, "xa", "out")); err != nil {
			return response, err
		}
		return xa.CallBranch(payload(), t.url(w, "xa", "in"))
	})
}

func xaScenarios() (all []scenario) {
	for _, t := range []transport{overRest, overGrpc} {
		t := t
		add := func(name string, run func(w *world, gid string) error) {
			all = append(all, scenario{name: t.prefix() + "xa." + name, needsDb: true, run: func(w *world, gid string) error {
				if err := w.business.openAccounts(gid); err != nil {
					return err
				}
				return run(w, gid)
			}})
		}
		add("success", func(w *world, gid string) error {
			if err := t.xa(w, gid); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, branches: xaCommitted,
				calls: "out.action in.action out.commit in.commit"})
		})
		add("retry", func(w *world, gid string) error {
			w.business.open(gid).plan("out.commit", "ERROR", "ONGOING")
			if err := t.xa(w, gid); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, branches: xaCommitted,
				calls: "out.action in.action out.commit out.commit out.commit in.commit"})
		})
		add("rollback", func(w *world, gid string) error {
			w.business.open(gid).plan("in.action", "FAILURE")
			if err := wantError(t.xa(w, gid), "refused"); err != nil {
				return err
			}
			return w.expect(gid, outcome{status: "failed", accounts: true, calls: "out.action in.action out.rollback",
				branches: "01 rollback succeed, 01 commit prepared"})
		})
	}
	return all
}
