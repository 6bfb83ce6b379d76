package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

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
		{name: "jsonrpc.api.codes", run: func(w *world, _ string) error {
			for request, code := range map[string]string{
				`{"jsonrpc":"2.0","id":"1","method":"newGid","params":{}}`: `"error":null`,
				`{"jsonrpc":"2.0","id":"1","method":"none","params":{}}`:   "-32601",
				`{"jsonrpc":"2.0","id":"","method":"newGid","params":{}}`:  "-32600",
				`{"jsonrpc":"1.0","id":"1","method":"newGid","params":{}}`: "-32600",
				`{"jsonrpc":"2.0","id":1,"method":"newGid","params":{}}`:   "-32700",
				`{"jsonrpc":`: "-32700",
				`{"jsonrpc":"2.0","id":"1","method":"registerBranch","params":{"gid":"g","trans_type":"tcc","branch_id":"01","confirm":"","cancel":""}}`: "-32901",
			} {
				response, err := resty.New().R().SetBody(request).Post(w.jsonRpc)
				if err != nil {
					return err
				}
				if !strings.Contains(response.String(), code) || (response.StatusCode() == 400) != (code == "-32700") {
					return fmt.Errorf("%s: %d %s (expected: with %s)", request, response.StatusCode(), response, code)
				}
			}
			return nil
		}},
		{name: "api.force-stop", run: func(w *world, gid string) error {
			w.business.open(gid).plan("out.action", strings.Fields(strings.Repeat("ERROR ", 50))...)
			if err := overRest.saga(w, gid, "memory", unchanged); err != nil {
				return err
			}
			if err := w.awaitCall(gid); err != nil {
				return err
			}
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
