package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmgrpc/dtmgimp"
	"github.com/dtm-labs/client/dtmgrpc/dtmgpb"
	"github.com/dtm-labs/client/workflow"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The client keeps one workflow protocol per process, so REST and gRPC are two runs of this program.
func initWorkflows(w *world, protocol string, server *grpc.Server) {
	if protocol == "grpc" {
		workflow.InitGrpc(w.grpc, w.grpcService, server)
	} else {
		workflow.InitHTTP(w.rest, w.httpService+"/workflow")
	}
	soon := func(wf *workflow.Workflow) { wf.RetryInterval = 1 }
	call := overHttp(w)
	if protocol == "grpc" {
		call = overInterceptedGrpc(w)
	}
	must(workflow.Register2("saga", sagaFlow(call), soon))
	must(workflow.Register2("tcc", tccFlow(call), soon))
	must(workflow.Register2("steps", stepsFlow(w), soon))
	must(workflow.Register2("xa", xaFlow(w), soon))
	must(workflow.Register2("shared", sharedFlow(w), soon))
}

func resumeWorkflow(query url.Values, body []byte) error { return workflow.ExecuteByQS(query, body) }

// caller calls a participant within a workflow; as names the operation where the workflow has its own word for it.
type caller func(wf *workflow.Workflow, who, as string) error

func overHttp(w *world) caller {
	return func(wf *workflow.Workflow, who, as string) error {
		_, err := wf.NewRequest().SetBody(payload()).Post(w.httpService + "/memory/" + who + "?as=" + as)
		return err
	}
}

func overInterceptedGrpc(w *world) caller {
	connection, err := grpc.Dial(w.grpcService, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(workflow.Interceptor))
	must(err)
	return func(wf *workflow.Workflow, who, as string) error {
		name := map[string]string{"out": "MemoryOut", "in": "MemoryIn"}[who]
		return connection.Invoke(wf.Context, "/busi.Busi/"+name, &wrapperspb.StringValue{Value: as}, &emptypb.Empty{})
	}
}

func sagaFlow(call caller) workflow.WfFunc2 {
	return func(wf *workflow.Workflow, data []byte) ([]byte, error) {
		for _, who := range []string{"out", "in"} {
			who := who
			wf.NewBranch().OnRollback(func(*dtmcli.BranchBarrier) error { return call(wf, who, "compensate") })
			if err := call(wf, who, "action"); err != nil {
				return nil, err
			}
		}
		return append([]byte("moved "), data...), nil
	}
}

func tccFlow(call caller) workflow.WfFunc2 {
	return func(wf *workflow.Workflow, data []byte) ([]byte, error) {
		for _, who := range []string{"out", "in"} {
			who := who
			wf.NewBranch().
				OnCommit(func(*dtmcli.BranchBarrier) error { return call(wf, who, "confirm") }).
				OnRollback(func(*dtmcli.BranchBarrier) error { return call(wf, who, "cancel") })
			if err := call(wf, who, "try"); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
}

// stepsFlow records local steps, with bytes that are no text.
func stepsFlow(w *world) workflow.WfFunc2 {
	return func(wf *workflow.Workflow, _ []byte) ([]byte, error) {
		l := w.business.open(wf.Gid)
		var results []byte
		for _, who := range []string{"out", "in"} {
			who := who
			result, err := wf.NewBranch().Do(func(*dtmcli.BranchBarrier) ([]byte, error) {
				return []byte("<" + who + ">"), l.handle(who+".action", func() error { return l.move(who, "action") })
			})
			if err != nil {
				return nil, err
			}
			results = append(results, result...)
		}
		return results, nil
	}
}

func xaFlow(w *world) workflow.WfFunc2 {
	return func(wf *workflow.Workflow, _ []byte) ([]byte, error) {
		l := w.business.open(wf.Gid)
		for _, who := range []string{"out", "in"} {
			who := who
			_, err := wf.NewBranch().DoXa(w.dbConf, func(db *sql.DB) ([]byte, error) {
				return nil, l.handle(who+".action", func() error { return w.business.moveInDatabase(db, wf.Gid, who, "action") })
			})
			if err != nil {
				time.Sleep(xaSessionClosed)
				return nil, err
			}
		}
		time.Sleep(xaSessionClosed)
		return nil, nil
	}
}

func workflowScenarios(prefix string, w *world) (all []scenario) {
	add := func(name string, needsDb bool, run func(w *world, gid string) error) {
		all = append(all, scenario{name: prefix + "workflow." + name, needsDb: needsDb, run: run})
	}
	// A resumed workflow is called back by the server; over gRPC the service does not see that as a call.
	resumed := "resumed "
	if prefix != "" {
		resumed = ""
	}
	add("success", false, func(w *world, gid string) error {
		for _, turn := range []string{"first", "second"} {
			result, err := workflow.ExecuteCtx(context.Background(), "saga", gid, []byte("thirty"))
			if err != nil {
				return err
			}
			if string(result) != "moved thirty" {
				return fmt.Errorf("%s result %q", turn, result)
			}
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action", out: -30, in: 30,
			branches: "01 action succeed, 02 action succeed"})
	})
	add("rollback", false, func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "FAILURE")
		for range []int{1, 2} {
			_, err := workflow.ExecuteCtx(context.Background(), "saga", gid, nil)
			if err = wantError(err, "refused"); err != nil {
				return err
			}
			if !errors.Is(errOf("saga", gid), dtmcli.ErrFailure) {
				return errors.New("a failed workflow is no ErrFailure")
			}
		}
		return w.expect(gid, outcome{status: "failed", calls: "out.action in.action out.compensate", reason: "refused",
			branches: "01 action succeed, 02 action failed, 01 rollback succeed"})
	})
	add("retry", false, func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "ERROR")
		_, err := workflow.ExecuteCtx(context.Background(), "saga", gid, []byte("later"))
		if err == nil {
			return errors.New("no error from a broken step")
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action " + resumed + "in.action", out: -30, in: 30,
			branches: "01 action succeed, 02 action succeed"})
	})
	add("ongoing", false, func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "ONGOING")
		_, err := workflow.ExecuteCtx(context.Background(), "saga", gid, nil)
		if !errors.Is(err, dtmcli.ErrOngoing) {
			return fmt.Errorf("error %v (expected: ONGOING)", err)
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action " + resumed + "in.action", out: -30, in: 30})
	})
	add("tcc", false, func(w *world, gid string) error {
		if _, err := workflow.ExecuteCtx(context.Background(), "tcc", gid, nil); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.try in.try in.confirm out.confirm", out: -30, in: 30,
			branches: "01 action succeed, 02 action succeed, 02 commit succeed, 01 commit succeed"})
	})
	add("tcc-rollback", false, func(w *world, gid string) error {
		w.business.open(gid).plan("in.try", "FAILURE")
		_, err := workflow.ExecuteCtx(context.Background(), "tcc", gid, nil)
		if err = wantError(err, "refused"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", calls: "out.try in.try out.cancel",
			branches: "01 action succeed, 02 action failed, 01 rollback succeed"})
	})
	add("steps", false, func(w *world, gid string) error {
		w.business.open(gid).plan("in.action", "ERROR")
		if _, err := workflow.ExecuteCtx(context.Background(), "steps", gid, []byte{0, 1, 255}); err == nil {
			return errors.New("no error from a broken step")
		}
		if _, err := w.awaitStatus(gid, "succeed"); err != nil {
			return err
		}
		result, err := workflow.ExecuteCtx(context.Background(), "steps", gid, nil)
		if err != nil || string(result) != "<out><in>" {
			return fmt.Errorf("result %q, error %v", result, err)
		}
		return w.expect(gid, outcome{status: "succeed", calls: "out.action in.action " + resumed + "in.action", out: -30, in: 30})
	})
	add("xa", true, func(w *world, gid string) error {
		if err := w.business.openAccounts(gid); err != nil {
			return err
		}
		if _, err := workflow.ExecuteCtx(context.Background(), "xa", gid, nil); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "succeed", accounts: true, out: -30, in: 30, calls: "out.action in.action"})
	})
	add("xa-rollback", true, func(w *world, gid string) error {
		if err := w.business.openAccounts(gid); err != nil {
			return err
		}
		w.business.open(gid).plan("in.action", "FAILURE")
		_, err := workflow.ExecuteCtx(context.Background(), "xa", gid, nil)
		if err = wantError(err, "refused"); err != nil {
			return err
		}
		return w.expect(gid, outcome{status: "failed", accounts: true, calls: "out.action in.action"})
	})
	return all
}

func errOf(name, gid string) error {
	_, err := workflow.ExecuteCtx(context.Background(), name, gid, nil)
	return err
}

func subscribeOverGrpc(w *world, topic, url string) error {
	client := dtmgpb.NewDtmClient(dtmgimp.MustGetGrpcConn(w.grpc, false))
	_, err := client.Subscribe(context.Background(), &dtmgpb.DtmTopicRequest{Topic: topic, URL: url, Remark: "interop"})
	return err
}
