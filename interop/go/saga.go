package main

import (
	"fmt"
	"strings"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmgrpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

var unchanged = func(*dtmcli.Saga) {}

func quick(s *dtmcli.Saga) { s.RetryInterval = 1 }

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
