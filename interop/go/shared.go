package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/workflow"
	"github.com/go-resty/resty/v2"
)

const callsAtOnce = 50

// sharedScenarios have this client and the product's Java SDK take part in one transaction, on one barrier table.
func sharedScenarios() (all []scenario) {
	add := func(name string, run func(w *world, gid string) error) {
		all = append(all, scenario{name: "shared." + name, needsDb: true, needsSdk: true, run: func(w *world, gid string) error {
			if err := w.business.openAccounts(gid); err != nil {
				return err
			}
			return run(w, gid)
		}})
	}
	here := func(w *world, who string) string { return overRest.url(w, "barrier", who) }
	there := func(w *world, who string) string { return w.sdk + "/barrier/" + who }

	add("saga", func(w *world, gid string) error {
		s := dtmcli.NewSaga(w.rest, gid).Add(here(w, "out"), here(w, "out"), payload()).Add(there(w, "in"), there(w, "in"), payload())
		if err := s.Submit(); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action", accounts: true, out: -30, in: 30, branches: sagaSucceeded})
	})
	add("saga-rollback", func(w *world, gid string) error {
		s := dtmcli.NewSaga(w.rest, gid).Add(here(w, "out"), here(w, "out"), payload()).
			Add(there(w, "in")+"?answer=FAILURE", there(w, "in"), payload())
		if err := s.Submit(); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", calls: "out.action out.compensate", accounts: true, branches: sagaRolledBack})
	})
	add("java-did-go-undoes", func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "FAILURE")
		s := dtmcli.NewSaga(w.rest, gid).Add(there(w, "out"), here(w, "out"), payload()).Add(here(w, "in"), here(w, "in"), payload())
		if err := s.Submit(); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", calls: "in.action in.compensate out.compensate", accounts: true, branches: sagaRolledBack})
	})
	add("go-did-java-undoes", func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "FAILURE")
		s := dtmcli.NewSaga(w.rest, gid).Add(here(w, "out"), there(w, "out"), payload()).Add(here(w, "in"), there(w, "in"), payload())
		if err := s.Submit(); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", calls: "out.action in.action", accounts: true, branches: sagaRolledBack})
	})
	add("tcc", func(w *world, gid string) error {
		err := dtmcli.TccGlobalTransaction(w.rest, gid, func(tcc *dtmcli.Tcc) (*resty.Response, error) {
			if response, err := tcc.CallBranch(payload(), here(w, "out"), here(w, "out"), here(w, "out")); err != nil {
				return response, err
			}
			return tcc.CallBranch(payload(), there(w, "in"), there(w, "in"), there(w, "in"))
		})
		if err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.try out.confirm", accounts: true, out: -30, in: 30, branches: tccConfirmed})
	})
	add("undone-before-it-came", func(w *world, gid string) error {
		if err := w.guardedInDatabase(gid, "01", "compensate", "out"); err != nil {
			return err
		}
		if err := w.callSdk(gid, "01", "action", "out"); err != nil {
			return err
		}
		if err := w.callSdk(gid, "02", "cancel", "in"); err != nil {
			return err
		}
		if err := w.guardedInDatabase(gid, "02", "try", "in"); err != nil {
			return err
		}
		return w.expectBalances(gid, outcome{accounts: true})
	})
	add("fifty-at-once", func(w *world, gid string) error {
		failures := make(chan error, callsAtOnce)
		var all sync.WaitGroup
		for i := 0; i < callsAtOnce; i++ {
			all.Add(1)
			go func(i int) {
				defer all.Done()
				if i%2 == 0 {
					failures <- w.guardedInDatabase(gid, "01", "action", "out")
				} else {
					failures <- w.callSdk(gid, "01", "action", "out")
				}
			}(i)
		}
		all.Wait()
		close(failures)
		for err := range failures {
			if err != nil {
				return err
			}
		}
		return w.expectBalances(gid, outcome{accounts: true, out: -30})
	})
	add("msg-checked-in-java", func(w *world, gid string) error {
		if err := overRest.oneStep(w, gid).Prepare(w.sdk + "/prepared"); err != nil {
			return err
		}
		if err := w.localTransaction(gid); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "in.action", accounts: true, out: -30, in: 30})
	})
	add("msg-given-up-in-java", func(w *world, gid string) error {
		if err := overRest.oneStep(w, gid).Prepare(w.sdk + "/prepared"); err != nil {
			return err
		}
		if err := w.expect(gid, outcome{status: "failed", accounts: true}); err != nil {
			return err
		}
		if err := wantError(w.localTransaction(gid), "DUPLICATED"); err != nil {
			return err
		}
		return w.expectBalances(gid, outcome{accounts: true})
	})
	add("xa", func(w *world, gid string) error {
		if err := w.sharedXa(gid, w.sdk+"/xa/in"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action out.commit", accounts: true, out: -30, in: 30, branches: xaCommitted})
	})
	add("xa-rollback", func(w *world, gid string) error {
		if err := wantError(w.sharedXa(gid, w.sdk+"/xa/in?answer=FAILURE"), "{}"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", calls: "out.action out.rollback", accounts: true})
	})
	add("xa-java-prepared-go-commits", func(w *world, gid string) error {
		if err := w.sharedXa(gid, w.sdk+"/xa/in?phase2="+url.QueryEscape(overRest.url(w, "xa", "in"))); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action out.commit in.commit", accounts: true, out: -30, in: 30, branches: xaCommitted})
	})
	add("workflow-in-go", func(w *world, gid string) error {
		if _, err := workflow.ExecuteCtx(context.Background(), "shared", gid, nil); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action", accounts: true, out: -30, in: 30, branches: workflowSucceeded})
	})
	add("workflow-in-go-rollback", func(w *world, gid string) error {
		_, err := workflow.ExecuteCtx(context.Background(), "shared", gid, []byte("?answer=FAILURE"))
		if !errors.Is(err, dtmcli.ErrFailure) {
			return fmt.Errorf("error %v (expected: FAILURE)", err)
		}
		return w.expect(gid, outcome{status: "failed", calls: "out.action out.rollback", accounts: true, branches: workflowRolledBack})
	})
	add("workflow-in-java", func(w *world, gid string) error {
		if err := w.runJavaWorkflow(gid, ""); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action", accounts: true, out: -30, in: 30, branches: workflowSucceeded})
	})
	add("workflow-in-java-rollback", func(w *world, gid string) error {
		if err := wantError(w.runJavaWorkflow(gid, "&refuse=yes"), "409"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", reason: "account frozen", calls: "out.action out.rollback", accounts: true,
			branches: workflowRolledBack})
	})
	return all
}

// sharedFlow has its first step done here and its second by the other participant.
func sharedFlow(w *world) workflow.WfFunc2 {
	return func(wf *workflow.Workflow, data []byte) ([]byte, error) {
		for _, url := range []string{overRest.url(w, "barrier", "out"), w.sdk + "/barrier/in" + string(data)} {
			url := url
			call := func() error {
				_, err := wf.NewRequest().SetBody(payload()).Post(url)
				return err
			}
			wf.NewBranch().OnRollback(func(*dtmcli.BranchBarrier) error { return call() })
			if err := call(); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
}

// runJavaWorkflow has the other participant run a workflow whose first step is done here.
func (w *world) runJavaWorkflow(gid, more string) error {
	query := url.Values{"gid": {gid}, "dtm": {strings.TrimSuffix(w.rest, "/api/dtmsvr")},
		"out": {overRest.url(w, "barrier", "out")}, "resume": {w.sdk + "/workflow"}}
	return postTo(w.sdk + "/workflow?" + query.Encode() + more)
}

func (w *world) sharedXa(gid, in string) error {
	return dtmcli.XaGlobalTransaction2(w.rest, gid, func(xa *dtmcli.Xa) { xa.RetryInterval = 1 }, func(xa *dtmcli.Xa) (*resty.Response, error) {
		response, err := xa.CallBranch(payload(), overRest.url(w, "xa", "out"))
		if err != nil {
			return response, err
		}
		time.Sleep(xaSessionClosed) // for the branch of this client; those of the SDK are let go when they answer
		return xa.CallBranch(payload(), in)
	})
}

// guardedInDatabase is a call of this client's participant, without the server in between.
func (w *world) guardedInDatabase(gid, branch, op, who string) error {
	bb, err := dtmcli.BarrierFrom("saga", gid, branch, op)
	if err != nil {
		return err
	}
	return bb.CallWithDB(w.db, func(tx *sql.Tx) error { return w.business.moveInDatabase(tx, gid, who, op) })
}

// callSdk is the same of the other participant.
func (w *world) callSdk(gid, branch, op, who string) error {
	query := url.Values{"gid": {gid}, "trans_type": {"saga"}, "branch_id": {branch}, "op": {op}}
	return postTo(w.sdk + "/barrier/" + who + "?" + query.Encode())
}

func postTo(address string) error {
	response, err := http.Post(address, "application/json", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%d %s", response.StatusCode, text)
	}
	return nil
}
