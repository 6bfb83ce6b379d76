package main

import (
	"database/sql"
	"errors"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmcli/dtmimp"
	"github.com/dtm-labs/client/dtmgrpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

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
