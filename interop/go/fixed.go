package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmcli/dtmimp"
	"github.com/dtm-labs/client/dtmgrpc"
	"github.com/dtm-labs/client/dtmgrpc/dtmgimp"
	"github.com/dtm-labs/client/dtmgrpc/dtmgpb"
	"github.com/go-resty/resty/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// fixedScenarios are the places where this server is to behave unlike DTM 1.19; against that one they fail.
func fixedScenarios() (all []scenario) {
	add := func(name string, run func(w *world, gid string) error) {
		all = append(all, scenario{name: "fixed." + name, run: run})
	}

	add("repeated-tcc-submit-confirms", func(w *world, gid string) error {
		w.business.open(gid).plan("in.confirm", "ONGOING")
		if err := overRest.tcc(w, gid, "memory", "memory", nil); err != nil {
			return err
		}
		tb := dtmimp.NewTransBase(gid, "tcc", w.rest, "")
		tb.RetryInterval = 1
		if err := dtmimp.TransCallDtm(tb, "submit"); err != nil {
			return fmt.Errorf("repeated submit: %w", err)
		}
		return w.expect(gid, outcome{status: "succeed", branches: tccConfirmed, out: -30, in: 30,
			calls: "out.try in.try in.confirm in.confirm out.confirm"})
	})
	add("repeated-saga-submit-calls-once", func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "ONGOING")
		if err := overRest.saga(w, gid, "memory", quick); err != nil {
			return err
		}
		if err := overRest.saga(w, gid, "memory", quick); err != nil {
			return fmt.Errorf("repeated submit: %w", err)
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action in.action", out: -30, in: 30, branches: sagaSucceeded})
	})
	add("submit-as-another-type", func(w *world, gid string) error {
		tb := dtmimp.NewTransBase(gid, "tcc", w.rest, "")
		if err := dtmimp.TransCallDtm(tb, "prepare"); err != nil {
			return err
		}
		tcc := &dtmcli.Tcc{TransBase: *tb}
		out := overRest.url(w, "memory", "out")
		if _, err := tcc.CallBranch(payload(), out, out, out); err != nil {
			return err
		}
		if err := wantStatus(w.post("submit", `{"gid":"`+gid+`","trans_type":"xa"}`), 409); err != nil {
			return err
		}
		if err := dtmimp.TransCallDtm(tb, "submit"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.try out.confirm", out: -30, branches: "01 cancel prepared, 01 confirm succeed"})
	})
	add("deleted-topic-delivers-nothing", func(w *world, gid string) error {
		topic := "deleted-" + gid
		if err := overRest.subscribe(w, topic, overRest.url(w, "memory", "out")); err != nil {
			return err
		}
		response, err := resty.New().R().Delete(w.rest + "/topic/" + topic)
		if err != nil || response.StatusCode() != 200 {
			return fmt.Errorf("delete: %v %v", response, err)
		}
		if err := wantError(overRest.toTopic(w, gid, topic), "topic not found"); err != nil {
			return err
		}
		if err := overRest.subscribe(w, topic, overRest.url(w, "memory", "in")); err != nil {
			return err
		}
		if err := overRest.toTopic(w, gid, topic); err != nil {
			return fmt.Errorf("after subscribing again: %w", err)
		}
		return w.expect(gid, outcome{status: "succeed", calls: "in.action", in: 30})
	})
	add("gids-that-begin-alike", func(w *world, gid string) error {
		for _, end := range []string{"", "0", "01"} {
			w.business.open(gid + end)
			if err := overRest.saga(w, gid+end, "memory", unchanged); err != nil {
				return err
			}
		}
		for _, end := range []string{"", "0", "01"} {
			if err := w.expect(gid+end, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30, branches: sagaSucceeded}); err != nil {
				return err
			}
		}
		return nil
	})
	add("gid-is-kept-verbatim", func(w *world, gid string) error {
		odd := gid + "; a/b 中"
		w.business.open(odd)
		if err := overRest.saga(w, odd, "memory", unchanged); err != nil {
			return err
		}
		if err := w.expect(odd, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30}); err != nil {
			return err
		}
		return wantStatus(w.post("submit", `{"gid":"a\nb","trans_type":"saga"}`), 400)
	})
	add("bad-input-is-400-or-404", func(w *world, gid string) error {
		for body, route := range map[string]string{
			`{"gid":`: "submit",
			`{"gid":"` + gid + `","trans_type":"sagga"}`:                                                      "submit",
			`{"gid":"` + gid + `","trans_type":"saga","steps":[{"action":"http://x"}],"payloads":[]}`:         "submit",
			`{"gid":"` + gid + `","trans_type":"msg","steps":[{"action":"http://x"}],"payloads":[]}`:          "prepare",
			`{"gid":"","trans_type":"saga"}`:                                                                  "submit",
			`{"gid":"` + gid + `","trans_type":"tcc","branch_id":1,"confirm":"http://x","cancel":"http://x"}`: "registerBranch",
		} {
			if err := wantStatus(w.post(route, body), 400); err != nil {
				return fmt.Errorf("%s %s: %w", route, body, err)
			}
		}
		for _, route := range []string{"abort", "forceStop", "resetNextCronTime"} {
			if err := wantStatus(w.post(route, `{"gid":"`+gid+`","trans_type":"tcc"}`), 404); err != nil {
				return fmt.Errorf("%s: %w", route, err)
			}
		}
		return wantStatus(w.post("registerBranch", `{"gid":"`+gid+`","trans_type":"tcc","branch_id":"01","confirm":"http://x","cancel":"http://x"}`), 409)
	})
	add("branch-registered-twice", func(w *world, gid string) error {
		if err := wantStatus(w.post("prepare", `{"gid":"`+gid+`","trans_type":"tcc"}`), 200); err != nil {
			return err
		}
		branch := `{"gid":"` + gid + `","trans_type":"tcc","branch_id":"01","data":"{}","cancel":"","confirm":"`
		for _, turn := range []string{"first", "second"} {
			if err := wantStatus(w.post("registerBranch", branch+w.httpService+`/memory/out"}`), 200); err != nil {
				return fmt.Errorf("%s: %w", turn, err)
			}
		}
		return wantStatus(w.post("registerBranch", branch+w.httpService+`/memory/in"}`), 409)
	})
	add("bad-input-over-grpc", func(w *world, gid string) error {
		client := dtmgpb.NewDtmClient(dtmgimp.MustGetGrpcConn(w.grpc, false))
		for name, request := range map[string]*dtmgpb.DtmRequest{
			"no type":      {Gid: gid},
			"broken steps": {Gid: gid, TransType: "saga", Steps: "["},
			"no payload":   {Gid: gid, TransType: "saga", Steps: `[{"action":"x:1/a/b","compensate":""}]`},
		} {
			if _, err := client.Submit(context.Background(), request); status.Code(err) != codes.InvalidArgument {
				return fmt.Errorf("%s: %v (expected: InvalidArgument)", name, err)
			}
		}
		_, err := client.Abort(context.Background(), &dtmgpb.DtmRequest{Gid: gid, TransType: "tcc"})
		if status.Code(err) != codes.NotFound {
			return fmt.Errorf("abort of an unknown gid: %v (expected: NotFound)", err)
		}
		return nil
	})
	add("workflow-ends-only-succeed-or-failed", func(w *world, gid string) error {
		begin := `{"gid":"` + gid + `","trans_type":"workflow","custom_data":"{\"name\":\"n\",\"data\":null}","query_prepared":"` + w.httpService + `/nowhere"}`
		if err := wantStatus(w.post("prepareWorkflow", begin), 200); err != nil {
			return err
		}
		for _, end := range []string{"", "prepared", "done"} {
			if err := wantStatus(w.post("submit", `{"gid":"`+gid+`","trans_type":"workflow","req_extra":{"status":"`+end+`"}}`), 400); err != nil {
				return fmt.Errorf("status %q: %w", end, err)
			}
		}
		if err := wantStatus(w.post("submit", `{"gid":"`+gid+`","trans_type":"workflow","req_extra":{"status":"failed","rollback_reason":"`+strings.Repeat("x", 2000)+`"}}`), 200); err != nil {
			return err
		}
		found, err := w.query(gid)
		if err == nil && (found.Transaction.Status != "failed" || len(found.Transaction.RollbackReason) != 2000) {
			err = fmt.Errorf("%s, reason of %d characters", found.Transaction.Status, len(found.Transaction.RollbackReason))
		}
		return err
	})
	add("ongoing-uses-up-no-retries", func(w *world, gid string) error {
		l := w.business.open(gid)
		l.plan("out.action", "ERROR")
		l.plan("in.action", "ONGOING", "ONGOING", "ERROR")
		if err := overRest.saga(w, gid, "memory", func(s *dtmcli.Saga) { s.RetryLimit, s.RetryInterval = 1, 1 }); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", out: -30, in: 30, branches: sagaSucceeded,
			calls: "out.action out.action in.action in.action in.action in.action"})
	})
	add("calls-in-flight-end-before-compensation", func(w *world, gid string) error {
		slow := w.httpService + "/slow/out"
		in := overRest.url(w, "memory", "in")
		w.business.open(gid).plan("in.action", "FAILURE")
		s := dtmcli.NewSaga(w.rest, gid).Add(slow, slow, payload()).Add(in, in, payload()).SetConcurrent()
		if err := s.Submit(); err != nil {
			return err
		}
		if _, err := w.awaitStatus(gid, "failed"); err != nil {
			return err
		}
		time.Sleep(1500 * time.Millisecond) // the slow action has ended by now, too
		calls := strings.Join(w.business.open(gid).callsSoFar(), " ")
		if strings.Index(calls, "out.action.end") > strings.Index(calls, "out.compensate") {
			return errors.New("compensated while the action ran: " + calls)
		}
		return w.expectBalances(gid, outcome{})
	})
	add("no-check-back-is-no-commit", func(w *world, gid string) error {
		m := dtmcli.NewMsg(w.rest, gid).Add(overRest.url(w, "memory", "out"), payload())
		m.TimeoutToFail, m.RetryInterval = 1, 1
		if err := m.Prepare(""); err != nil {
			return nil // refused at once is as good
		}
		time.Sleep(5 * time.Second)
		found, err := w.query(gid)
		if err != nil {
			return err
		}
		if s := found.Transaction.Status; s == "submitted" || s == "succeed" || len(w.business.open(gid).callsSoFar()) > 0 {
			return fmt.Errorf("%s, calls %v", s, w.business.open(gid).callsSoFar())
		}
		return nil
	})
	// The PHP client's gRPC services answer with HTTP's numbers.
	add("grpc-status-409-is-failure", func(w *world, gid string) error {
		l := w.business.open(gid)
		l.plan("out.action", "STATUS425")
		l.plan("in.action", "STATUS409")
		if err := overGrpc.saga(w, gid, "memory", quick); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", branches: sagaRolledBack,
			calls: "out.action out.action in.action in.compensate out.compensate"})
	})
	add("grpc-delete-topic", func(w *world, gid string) error {
		topic := "grpc-" + gid
		if err := subscribeOverGrpc(w, topic, overGrpc.url(w, "memory", "out")); err != nil {
			return err
		}
		client := dtmgpb.NewDtmClient(dtmgimp.MustGetGrpcConn(w.grpc, false))
		if _, err := client.DeleteTopic(context.Background(), &dtmgpb.DtmTopicRequest{Topic: topic}); err != nil {
			return err
		}
		return wantError(dtmgrpc.NewMsgGrpc(w.grpc, gid).AddTopic(topic, &wrapperspb.StringValue{}).Submit(), "topic not found")
	})
	return all
}

func (w *world) post(route, body string) *resty.Response {
	response, err := resty.New().R().SetHeader("Content-Type", "application/json").SetBody(body).Post(w.rest + "/" + route)
	if err != nil {
		panic(err)
	}
	return response
}

func wantStatus(response *resty.Response, expected int) error {
	if response.StatusCode() != expected {
		return fmt.Errorf("%d %s (expected: %d)", response.StatusCode(), response, expected)
	}
	return nil
}
