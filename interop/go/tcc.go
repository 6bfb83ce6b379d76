package main

import (
	"errors"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmcli/dtmimp"
	"github.com/dtm-labs/client/dtmgrpc"
	"github.com/go-resty/resty/v2"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// tcc of two branches, the second left out when it has no kind; ends with the error local.
func (t transport) tcc(w *world, gid, outKind, inKind string, local error) error {
	if t == overGrpc {
		return dtmgrpc.TccGlobalTransaction2(w.grpc, gid, func(tcc *dtmgrpc.TccGrpc) { tcc.RetryInterval = 1 }, func(tcc *dtmgrpc.TccGrpc) error {
			for _, branch := range [][2]string{{outKind, "out"}, {inKind, "in"}} {
				if branch[0] == "" {
					continue
				}
				method := t.url(w, branch[0], branch[1])
				if err := tcc.CallBranch(&wrapperspb.StringValue{}, method, method, method, &emptypb.Empty{}); err != nil {
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
		for _, branch := range [][2]string{{outKind, "out"}, {inKind, "in"}} {
			kind, who := branch[0], branch[1]
			if kind == "" {
				continue
			}
			// The client itself calls try over HTTP; the server has the transaction's protocol for the rest.
			try := overRest.url(w, kind, who)
			if response, err := tcc.CallBranch(payload(), try, t.url(w, kind, who), t.url(w, kind, who)); err != nil {
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
