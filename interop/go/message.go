package main

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmgrpc"
	"github.com/go-resty/resty/v2"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func quickMessage(m *dtmcli.Msg) { m.RetryInterval = 1 }

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
