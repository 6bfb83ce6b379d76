package main

import (
	"strings"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmcli/dtmimp"
	"github.com/dtm-labs/client/dtmgrpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// transport is the way between client, server and participants.
type transport string

const (
	overRest    transport = "rest"
	overJsonRpc transport = "jsonrpc"
	overGrpc    transport = "grpc"
)

func (t transport) prefix() string {
	if t == overRest {
		return ""
	}
	return string(t) + "."
}

// server is the address that the client is given, protocol what it then sends.
func (t transport) server(w *world) string {
	switch t {
	case overGrpc:
		return w.grpc
	case overJsonRpc:
		return w.jsonRpc
	}
	return w.rest
}

func (t transport) protocol() string {
	if t == overJsonRpc {
		return dtmimp.Jrpc
	}
	return ""
}

// url of a participant: kind is memory, barrier or xa.
func (t transport) url(w *world, kind, who string) string {
	switch t {
	case overGrpc:
		return w.grpcMethod(strings.Title(kind) + strings.Title(who))
	case overJsonRpc:
		return w.httpService + "/json-rpc?method=" + who
	}
	return w.httpService + "/" + kind + "/" + who
}

// saga of two steps, out then in.
func (t transport) saga(w *world, gid, kind string, custom func(*dtmcli.Saga)) error {
	out, in := t.url(w, kind, "out"), t.url(w, kind, "in")
	if t == overGrpc {
		s := dtmgrpc.NewSagaGrpc(w.grpc, gid).
			Add(out, out, &wrapperspb.StringValue{}).
			Add(in, in, &wrapperspb.StringValue{})
		custom(&s.Saga)
		return s.Submit()
	}
	s := dtmcli.NewSaga(t.server(w), gid)
	s.Protocol = t.protocol()
	s.Add(out, out, payload()).Add(in, in, payload())
	custom(s)
	return s.Submit()
}

// message is what both message types of the client can do.
type message interface {
	Submit() error
	Prepare(checkBack string) error
}

func (t transport) message(w *world, gid, kind string, custom func(*dtmcli.Msg)) message {
	out, in := t.url(w, kind, "out"), t.url(w, kind, "in")
	if t == overGrpc {
		m := dtmgrpc.NewMsgGrpc(w.grpc, gid).Add(out, &wrapperspb.StringValue{}).Add(in, &wrapperspb.StringValue{})
		custom(&m.Msg)
		return m
	}
	m := dtmcli.NewMsg(t.server(w), gid)
	m.Protocol = t.protocol()
	m.Add(out, payload()).Add(in, payload())
	custom(m)
	return m
}

// checkBack is where the server asks whether a prepared message counts.
func (t transport) checkBack(w *world, kind string) string {
	if t == overGrpc {
		return w.grpcMethod("Prepared" + strings.Title(kind))
	}
	return w.httpService + "/prepared/" + kind
}
