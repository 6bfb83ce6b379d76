package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/dtm-labs/client/dtmcli"
)

const (
	amount  = 30
	opening = 100
)

// business is the participant: two accounts per transaction, "out" and "in". It writes down every
// call, answers as the scenario planned, and moves the money when it is to succeed.
type business struct {
	world   *world
	mutex   sync.Mutex
	ledgers map[string]*ledger
}

func newBusiness(w *world) *business {
	return &business{world: w, ledgers: map[string]*ledger{}}
}

func (b *business) open(gid string) *ledger {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.ledgers[gid] == nil {
		b.ledgers[gid] = &ledger{plans: map[string][]string{}, balance: map[string]int{}, held: map[string]int{}}
	}
	return b.ledgers[gid]
}

// changes of (balance, held) in the database for one operation.
func changes(who, op string) (int, int) {
	delta := signed(who)
	switch op {
	case "action":
		return delta, 0
	case "compensate", "rollback":
		return -delta, 0
	case "try":
		return 0, delta
	case "confirm":
		return delta, -delta
	case "cancel":
		return 0, -delta
	}
	panic("unknown op " + op)
}

func (b *business) openAccounts(gid string) error {
	for _, who := range []string{"out", "in"} {
		_, err := b.world.db.Exec("insert into account(name, balance, held) values(?, ?, 0)", gid+"-"+who, opening)
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *business) moveInDatabase(db dtmcli.DB, gid, who, op string) error {
	balance, held := changes(who, op)
	_, err := db.Exec("update account set balance = balance + ?, held = held + ? where name = ?", balance, held, gid+"-"+who)
	return err
}

func (b *business) accounts(gid string) (out, in int, err error) {
	err = b.world.db.QueryRow("select balance from account where name = ? and held = 0", gid+"-out").Scan(&out)
	if err == nil {
		err = b.world.db.QueryRow("select balance from account where name = ? and held = 0", gid+"-in").Scan(&in)
	}
	return
}

// routes of the HTTP service: /memory, /barrier and /xa name where the money is; then comes the account.
func (b *business) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/memory/", b.answering(func(r *http.Request, who string) error {
		q := r.URL.Query()
		op := q.Get("op")
		if as := q.Get("as"); as != "" {
			op = as
		}
		l := b.open(q.Get("gid"))
		l.mutex.Lock()
		if header := r.Header.Get("Test-Header"); header != "" {
			l.headers = append(l.headers, header)
		}
		l.mutex.Unlock()
		return l.handle(who+"."+op, func() error { return l.move(who, op) })
	}))
	mux.HandleFunc("/slow/", b.answering(func(r *http.Request, who string) error {
		op := r.URL.Query().Get("op")
		l := b.open(r.URL.Query().Get("gid"))
		return l.handle(who+"."+op, func() error {
			if op == "action" {
				time.Sleep(time.Second)
				defer l.note(who + "." + op + ".end")
			}
			return l.move(who, op)
		})
	}))
	mux.HandleFunc("/nested/", b.answering(func(r *http.Request, who string) error {
		q := r.URL.Query()
		l := b.open(q.Get("gid"))
		return l.handle(who+"."+q.Get("op"), func() error {
			if q.Get("op") != "try" {
				return nil
			}
			tcc, err := dtmcli.TccFromQuery(q)
			if err != nil {
				return err
			}
			url := b.world.httpService + "/memory/in"
			_, err = tcc.CallBranch(payload(), url, url, url)
			return err
		})
	}))
	mux.HandleFunc("/barrier/", b.answering(func(r *http.Request, who string) error {
		bb, err := dtmcli.BarrierFromQuery(r.URL.Query())
		if err != nil {
			return err
		}
		return b.guarded(bb, who)
	}))
	mux.HandleFunc("/xa/", b.answering(func(r *http.Request, who string) error {
		q := r.URL.Query()
		return b.open(q.Get("gid")).handle(who+"."+q.Get("op"), func() error {
			return dtmcli.XaLocalTransaction(q, b.world.dbConf, func(db *sql.DB, xa *dtmcli.Xa) error {
				return b.moveInDatabase(db, xa.Gid, who, "action")
			})
		})
	}))
	mux.HandleFunc("/prepared/", b.answering(func(r *http.Request, what string) error {
		q := r.URL.Query()
		return b.open(q.Get("gid")).handle("prepared", func() error {
			if what == "memory" {
				return nil
			}
			bb, err := dtmcli.BarrierFromQuery(q)
			if err != nil {
				return err
			}
			return bb.QueryPrepared(b.world.db)
		})
	}))
	mux.HandleFunc("/workflow", b.answering(func(r *http.Request, _ string) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		b.open(r.URL.Query().Get("gid")).note("resumed")
		return resumeWorkflow(r.URL.Query(), body)
	}))
	mux.HandleFunc("/json-rpc", b.jsonRpc)
	return mux
}

func (b *business) answering(handle func(r *http.Request, last string) error) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var result interface{} = dtmcli.MapSuccess
		if err := handle(r, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]); err != nil {
			result = err
		}
		status, body := dtmcli.Result2HttpJSON(result)
		writeJson(rw, status, body)
	}
}

func writeJson(rw http.ResponseWriter, status int, body interface{}) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(body)
}

// guarded runs one operation behind the client's barrier, on the database.
func (b *business) guarded(bb *dtmcli.BranchBarrier, who string) error {
	return b.open(bb.Gid).handle(who+"."+bb.Op, func() error {
		return bb.CallWithDB(b.world.db, func(tx *sql.Tx) error {
			return b.moveInDatabase(tx, bb.Gid, who, bb.Op)
		})
	})
}

// jsonRpc is a participant that speaks JSON-RPC: the transaction stands in params, the result in a code.
func (b *business) jsonRpc(rw http.ResponseWriter, r *http.Request) {
	var request struct {
		Jsonrpc, Method, Id string
		Params              map[string]interface{}
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || request.Jsonrpc != "2.0" {
		writeJson(rw, 400, map[string]string{"error": "not JSON-RPC"})
		return
	}
	gid, _ := request.Params["gid"].(string)
	op, _ := request.Params["op"].(string)
	l := b.open(gid)
	err := l.handle(request.Method+"."+op, func() error {
		if sent, _ := request.Params["amount"].(float64); sent != amount {
			return fmt.Errorf("amount: %v (expected: %d)", request.Params["amount"], amount)
		}
		return l.move(request.Method, op)
	})
	reply := map[string]interface{}{"jsonrpc": "2.0", "id": request.Id}
	switch {
	case err == nil:
		reply["result"] = "done"
	case errors.Is(err, dtmcli.ErrFailure):
		reply["error"] = map[string]interface{}{"code": -32901, "message": "refused"}
	case errors.Is(err, dtmcli.ErrOngoing):
		reply["error"] = map[string]interface{}{"code": -32902, "message": "not yet"}
	default:
		reply["error"] = map[string]interface{}{"code": -32603, "message": "broke"}
	}
	writeJson(rw, 200, reply)
}

func payload() map[string]int { return map[string]int{"amount": amount} }
