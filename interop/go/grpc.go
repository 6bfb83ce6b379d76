package main

import (
	"context"
	"database/sql"
	"strings"

	"github.com/dtm-labs/client/dtmgrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type grpcHandler func(ctx context.Context, request *wrapperspb.StringValue) error

// registerGrpc serves busi.Busi, with messages of the standard types instead of generated ones.
func (b *business) registerGrpc(server *grpc.Server) {
	description := &grpc.ServiceDesc{ServiceName: "busi.Busi", HandlerType: (*interface{})(nil)}
	add := func(name string, handle grpcHandler) {
		description.Methods = append(description.Methods, grpc.MethodDesc{
			MethodName: name,
			Handler: func(_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
				request := &wrapperspb.StringValue{}
				if err := decode(request); err != nil {
					return nil, err
				}
				return &emptypb.Empty{}, dtmgrpc.DtmError2GrpcError(handle(ctx, request))
			},
		})
	}
	for _, who := range []string{"out", "in"} {
		who, name := who, strings.Title(who)
		add("Memory"+name, func(ctx context.Context, request *wrapperspb.StringValue) error {
			md, _ := metadata.FromIncomingContext(ctx)
			l := b.open(first(md, "dtm-gid"))
			op := first(md, "dtm-op")
			if as := request.Value; as != "" {
				op = as
			}
			l.mutex.Lock()
			if header := first(md, "test-header"); header != "" {
				l.headers = append(l.headers, header)
			}
			l.mutex.Unlock()
			return l.handle(who+"."+op, func() error { return l.move(who, op) })
		})
		add("Barrier"+name, func(ctx context.Context, _ *wrapperspb.StringValue) error {
			bb, err := dtmgrpc.BarrierFromGrpc(ctx)
			if err != nil {
				return err
			}
			return b.guarded(bb, who)
		})
		add("Xa"+name, func(ctx context.Context, _ *wrapperspb.StringValue) error {
			md, _ := metadata.FromIncomingContext(ctx)
			return b.open(first(md, "dtm-gid")).handle(who+"."+first(md, "dtm-op"), func() error {
				return dtmgrpc.XaLocalTransaction(ctx, b.world.dbConf, func(db *sql.DB, xa *dtmgrpc.XaGrpc) error {
					return b.moveInDatabase(db, xa.Gid, who, "action")
				})
			})
		})
	}
	add("NestedOut", func(ctx context.Context, _ *wrapperspb.StringValue) error {
		md, _ := metadata.FromIncomingContext(ctx)
		l := b.open(first(md, "dtm-gid"))
		return l.handle("out."+first(md, "dtm-op"), func() error {
			if first(md, "dtm-op") != "try" {
				return nil
			}
			tcc, err := dtmgrpc.TccFromGrpc(ctx)
			if err != nil {
				return err
			}
			method := b.world.grpcMethod("MemoryIn")
			return tcc.CallBranch(&wrapperspb.StringValue{}, method, method, method, &emptypb.Empty{})
		})
	})
	add("PreparedMemory", func(ctx context.Context, _ *wrapperspb.StringValue) error {
		md, _ := metadata.FromIncomingContext(ctx)
		return b.open(first(md, "dtm-gid")).handle("prepared", func() error { return nil })
	})
	add("PreparedBarrier", func(ctx context.Context, _ *wrapperspb.StringValue) error {
		bb, err := dtmgrpc.BarrierFromGrpc(ctx)
		if err != nil {
			return err
		}
		return b.open(bb.Gid).handle("prepared", func() error { return bb.QueryPrepared(b.world.db) })
	})
	server.RegisterService(description, nil)
}

func first(md metadata.MD, key string) string {
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

func (w *world) grpcMethod(name string) string { return w.grpcService + "/busi.Busi/" + name }
