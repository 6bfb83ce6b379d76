package main

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/dtm-labs/client/dtmcli"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ledger is what the service knows of one transaction.
type ledger struct {
	mutex   sync.Mutex
	calls   []string
	headers []string
	plans   map[string][]string
	balance map[string]int
	held    map[string]int
}

// plan says how the next calls are answered: FAILURE, ONGOING, ERROR, or LOST (done, but answered
// with an error). Calls beyond the plan succeed.
func (l *ledger) plan(call string, answers ...string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.plans[call] = answers
}

func (l *ledger) callsSoFar() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return append([]string{}, l.calls...)
}

func (l *ledger) handle(call string, do func() error) error {
	l.mutex.Lock()
	l.calls = append(l.calls, call)
	answer := ""
	if next := l.plans[call]; len(next) > 0 {
		answer, l.plans[call] = next[0], next[1:]
	}
	l.mutex.Unlock()
	switch answer {
	case "FAILURE":
		return fmt.Errorf("%s refused %w", call, dtmcli.ErrFailure)
	case "ONGOING":
		return dtmcli.ErrOngoing
	case "ERROR":
		return errors.New(call + " broke")
	case "STATUS409", "STATUS425":
		code, _ := strconv.Atoi(answer[len("STATUS"):])
		return status.Error(codes.Code(code), call)
	}
	err := do()
	if err == nil && answer == "LOST" {
		return errors.New(call + " answered with an error after it was done")
	}
	return err
}

// move applies an operation in memory; undoing what was never done moves nothing.
func (l *ledger) move(who, op string) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delta := signed(who)
	switch op {
	case "action":
		l.balance[who] += delta
	case "compensate":
		if l.balance[who] != 0 {
			l.balance[who] -= delta
		}
	case "try":
		l.held[who] += delta
	case "confirm", "commit":
		l.balance[who] += l.held[who]
		l.held[who] = 0
	case "cancel", "rollback":
		l.held[who] = 0
	default:
		return fmt.Errorf("unknown op %q", op)
	}
	return nil
}

func signed(who string) int {
	if who == "out" {
		return -amount
	}
	return amount
}

func (l *ledger) note(call string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.calls = append(l.calls, call)
}
