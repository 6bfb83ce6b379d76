// Carries out the commands of a test with the published cache library: one JSON object a line in, one a line out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/dtm-labs/rockscache"
	"github.com/redis/go-redis/v9"
)

type request struct {
	Id     int      `json:"id"`
	Do     string   `json:"do"`
	Keys   []string `json:"keys"`
	Value  string   `json:"value"`
	Owner  string   `json:"owner"`
	Strong bool     `json:"strong"`
	Millis int      `json:"millis"` // how long a load takes
	Fail   bool     `json:"fail"`   // whether a load fails
}

type reply struct {
	Id     int      `json:"id"`
	Values []string `json:"values"`
	Loaded bool     `json:"loaded"`
	Error  string   `json:"error"`
}

const expiry = 10 * time.Minute

func main() {
	address := flag.String("redis", "127.0.0.1:6379", "host:port")
	flag.Parse()
	rdb := redis.NewClient(&redis.Options{Addr: *address})
	clients := map[bool]*rockscache.Client{}
	for _, strong := range []bool{false, true} {
		options := rockscache.NewDefaultOptions()
		options.StrongConsistency = strong
		options.LockSleep = 10 * time.Millisecond
		clients[strong] = rockscache.NewClient(rdb, options)
	}

	var lock sync.Mutex
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var r request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			panic(err)
		}
		go func() {
			answer := carryOut(clients[r.Strong], r)
			lock.Lock()
			defer lock.Unlock()
			_ = out.Encode(answer)
		}()
	}
}

func carryOut(client *rockscache.Client, r request) reply {
	answer := reply{Id: r.Id}
	load := func() error {
		answer.Loaded = true
		time.Sleep(time.Duration(r.Millis) * time.Millisecond)
		if r.Fail {
			return errors.New("the load failed")
		}
		return nil
	}
	ctx := context.Background()
	var err error
	switch r.Do {
	case "fetch":
		var value string
		value, err = client.Fetch(r.Keys[0], expiry, func() (string, error) { return r.Value, load() })
		answer.Values = []string{value}
	case "fetchAll":
		var values map[int]string
		values, err = client.FetchBatch(r.Keys, expiry, func(indexes []int) (map[int]string, error) {
			loaded := map[int]string{}
			for _, i := range indexes {
				loaded[i] = r.Value
			}
			return loaded, load()
		})
		for i := range r.Keys {
			answer.Values = append(answer.Values, values[i])
		}
	case "tag":
		err = client.TagAsDeletedBatch(r.Keys)
	case "lock":
		err = client.LockForUpdate(ctx, r.Keys[0], r.Owner)
	case "unlock":
		err = client.UnlockForUpdate(ctx, r.Keys[0], r.Owner)
	default:
		err = fmt.Errorf("%s: no such command", r.Do)
	}
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}
