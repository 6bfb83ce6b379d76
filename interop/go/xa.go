package main

import (
	"time"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmgrpc"
	"github.com/go-resty/resty/v2"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

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
