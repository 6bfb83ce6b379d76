// Runs the published Go client against a server: every mode over REST, JSON-RPC and gRPC, with a
// business service of its own. Prints one line per scenario and fails when one of them does.
package main

import (
	"database/sql"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/dtm-labs/client/dtmcli"
	"github.com/dtm-labs/client/dtmgrpc"
	"github.com/dtm-labs/logger"
	_ "github.com/go-sql-driver/mysql"
	"google.golang.org/grpc"
)

const runningAtOnce = 24

// world is what a scenario acts in: the server under test, the business service and its database.
type world struct {
	rest, jsonRpc, grpc      string
	dbConf                   dtmcli.DBConf
	db                       *sql.DB
	business                 *business
	httpService, grpcService string
	sdk                      string // address of the product's own participant, which shares the database
}

type scenario struct {
	name     string
	needsDb  bool
	needsSdk bool
	run      func(w *world, gid string) error
}

func main() {
	base := flag.String("http", "http://127.0.0.1:36789", "base URL of the server")
	grpcServer := flag.String("grpc", "127.0.0.1:36790", "host:port of the server's gRPC")
	database := flag.String("db", "", "host:port of a MariaDB (user and password: busi)")
	httpPort := flag.Int("http-port", 0, "port of the business service, 0 takes a free one")
	grpcPort := flag.Int("grpc-port", 0, "port of its gRPC, 0 takes a free one")
	workflows := flag.String("workflow", "http", "http: everything but workflows over gRPC; grpc: only those")
	sdk := flag.String("sdk", "", "address of interop/sdk's participant on the same database")
	only := flag.String("only", "", "runs scenarios whose name begins with this")
	flag.Parse()
	logger.InitLog2("error", "stderr", 0, "") // the client logs to standard output otherwise

	w := &world{
		rest:    *base + "/api/dtmsvr",
		jsonRpc: *base + "/api/json-rpc",
		grpc:    *grpcServer,
		sdk:     *sdk,
	}
	if *database != "" {
		w.openDatabase(*database)
	}
	w.business = newBusiness(w)
	w.serve(*httpPort, *grpcPort, *workflows)

	var scenarios []scenario
	if *workflows == "grpc" {
		scenarios = workflowScenarios("grpc.", w)
	} else {
		scenarios = append(scenarios, apiScenarios()...)
		scenarios = append(scenarios, sagaScenarios()...)
		scenarios = append(scenarios, tccScenarios()...)
		scenarios = append(scenarios, messageScenarios()...)
		scenarios = append(scenarios, barrierScenarios()...)
		scenarios = append(scenarios, xaScenarios()...)
		scenarios = append(scenarios, workflowScenarios("", w)...)
		scenarios = append(scenarios, fixedScenarios()...)
		scenarios = append(scenarios, sharedScenarios()...)
	}
	if !w.runAll(scenarios, *only) {
		os.Exit(1)
	}
}

func (w *world) openDatabase(address string) {
	host, port, err := net.SplitHostPort(address)
	must(err)
	number, err := strconv.Atoi(port)
	must(err)
	w.dbConf = dtmcli.DBConf{Driver: "mysql", Host: host, Port: int64(number), User: "busi", Password: "busi", Db: "dtm_busi"}
	w.db, err = sql.Open("mysql", fmt.Sprintf("busi:busi@tcp(%s)/dtm_busi", address))
	must(err)
	must(w.db.Ping())
}

func (w *world) serve(httpPort, grpcPort int, workflows string) {
	httpListener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", httpPort))
	must(err)
	grpcListener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", grpcPort))
	must(err)
	w.httpService = "http://" + httpListener.Addr().String()
	w.grpcService = grpcListener.Addr().String()

	grpcServer := grpc.NewServer()
	w.business.registerGrpc(grpcServer)
	initWorkflows(w, workflows, grpcServer)
	go func() { must(http.Serve(httpListener, w.business.routes())) }()
	go func() { must(grpcServer.Serve(grpcListener)) }()
}

func (w *world) runAll(scenarios []scenario, only string) bool {
	var printing sync.Mutex
	passed := true
	places := make(chan struct{}, runningAtOnce)
	var all sync.WaitGroup
	for _, s := range scenarios {
		if !strings.HasPrefix(s.name, only) {
			continue
		}
		if s.needsDb && w.db == nil {
			fmt.Printf("skip go %s: no database\n", s.name)
			continue
		}
		if s.needsSdk && w.sdk == "" {
			fmt.Printf("skip go %s: the participant of interop/sdk does not run\n", s.name)
			continue
		}
		all.Add(1)
		places <- struct{}{}
		go func(s scenario) {
			defer all.Done()
			err := w.runOne(s)
			<-places
			printing.Lock()
			defer printing.Unlock()
			if err == nil {
				fmt.Printf("ok go %s\n", s.name)
				return
			}
			passed = false
			fmt.Printf("FAIL go %s: %s\n", s.name, strings.ReplaceAll(err.Error(), "\n", " "))
		}(s)
	}
	all.Wait()
	return passed
}

func (w *world) runOne(s scenario) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	gid := dtmcli.MustGenGid(w.rest)
	if strings.HasPrefix(s.name, "grpc.") {
		gid = dtmgrpc.MustGenGid(w.grpc)
	}
	w.business.open(gid)
	return s.run(w, gid)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
