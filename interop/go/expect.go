package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

const finalWithin = 45 * time.Second

const (
	sagaSucceeded      = "01 compensate prepared, 01 action succeed, 02 compensate prepared, 02 action succeed"
	sagaRolledBack     = "01 compensate succeed, 01 action succeed, 02 compensate succeed, 02 action failed"
	tccConfirmed       = "01 cancel prepared, 01 confirm succeed, 02 cancel prepared, 02 confirm succeed"
	tccCancelled       = "01 cancel succeed, 01 confirm prepared, 02 cancel succeed, 02 confirm prepared"
	workflowSucceeded  = "01 action succeed, 02 action succeed"
	workflowRolledBack = "01 action succeed, 02 action failed, 01 rollback succeed"
	xaCommitted        = "01 rollback prepared, 01 commit succeed, 02 rollback prepared, 02 commit succeed"

	// MariaDB lets go of a closed XA session a little later, and this client takes "unknown XA id" as done.
	xaSessionClosed = 150 * time.Millisecond
)

// outcome is what a transaction must have come to, at the server and at the business service.
type outcome struct {
	status   string
	calls    string // in order, separated by blanks
	out, in  int    // change of each balance
	branches string // "01 compensate prepared, 01 action succeed"; empty: not compared
	reason   string // part of the rollback reason
	accounts bool   // balances are those of the database
}

type queried struct {
	Transaction *struct {
		Status         string `json:"status"`
		RollbackReason string `json:"rollback_reason"`
	} `json:"transaction"`
	Branches []struct {
		BranchId string `json:"branch_id"`
		Op       string `json:"op"`
		Status   string `json:"status"`
	} `json:"branches"`
}

func (w *world) query(gid string) (*queried, error) {
	response, err := http.Get(w.rest + "/query?gid=" + url.QueryEscape(gid))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != 200 {
		return nil, fmt.Errorf("query: %d %s", response.StatusCode, body)
	}
	found := &queried{}
	return found, json.Unmarshal(body, found)
}

func (w *world) awaitStatus(gid string, wanted ...string) (*queried, error) {
	deadline := time.Now().Add(finalWithin)
	for {
		found, err := w.query(gid)
		if err != nil {
			return nil, err
		}
		status := "unknown"
		if found.Transaction != nil {
			status = found.Transaction.Status
		}
		for _, one := range wanted {
			if status == one {
				return found, nil
			}
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("still %s after %s (expected: %v)", status, finalWithin, wanted)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Waits until the business has been called for a transaction.
func (w *world) awaitCall(gid string) error {
	deadline := time.Now().Add(finalWithin)
	for len(w.business.open(gid).callsSoFar()) == 0 {
		if time.Now().After(deadline) {
			return fmt.Errorf("no call after %s", finalWithin)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

func (w *world) expect(gid string, expected outcome) error {
	found, err := w.awaitStatus(gid, "succeed", "failed")
	if err != nil {
		return fmt.Errorf("%w; calls %v", err, w.business.open(gid).callsSoFar())
	}
	if found.Transaction.Status != expected.status {
		return fmt.Errorf("status %s (expected: %s), reason %q, calls %v", found.Transaction.Status, expected.status,
			found.Transaction.RollbackReason, w.business.open(gid).callsSoFar())
	}
	if !strings.Contains(found.Transaction.RollbackReason, expected.reason) {
		return fmt.Errorf("rollback reason %q (expected: with %q)", found.Transaction.RollbackReason, expected.reason)
	}
	if calls := w.business.open(gid).callsSoFar(); !reflect.DeepEqual(calls, strings.Fields(expected.calls)) {
		return fmt.Errorf("calls %v (expected: [%s])", calls, expected.calls)
	}
	if expected.branches != "" {
		var rows []string
		for _, b := range found.Branches {
			rows = append(rows, strings.TrimSpace(b.BranchId+" "+b.Op+" "+b.Status))
		}
		if got := strings.Join(rows, ", "); got != expected.branches {
			return fmt.Errorf("branches [%s] (expected: [%s])", got, expected.branches)
		}
	}
	return w.expectBalances(gid, expected)
}

func (w *world) expectBalances(gid string, expected outcome) error {
	l := w.business.open(gid)
	l.mutex.Lock()
	out, in := l.balance["out"], l.balance["in"]
	held := l.held["out"] != 0 || l.held["in"] != 0
	l.mutex.Unlock()
	if held {
		return fmt.Errorf("money is still held")
	}
	if expected.accounts {
		var err error
		if out, in, err = w.business.accounts(gid); err != nil {
			return fmt.Errorf("accounts: %w", err)
		}
		out, in = out-opening, in-opening
	}
	if out != expected.out || in != expected.in {
		return fmt.Errorf("balances changed by out %d, in %d (expected: %d, %d)", out, in, expected.out, expected.in)
	}
	return nil
}

func wantError(err error, part string) error {
	if err == nil {
		return fmt.Errorf("no error (expected: one with %q)", part)
	}
	if !strings.Contains(err.Error(), part) {
		return fmt.Errorf("error %q (expected: with %q)", err.Error(), part)
	}
	return nil
}
