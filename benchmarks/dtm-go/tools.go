//go:build tools

// The Go project's server, so that it can be measured beside this one: its version is pinned in go.mod.
package dtmgo

import _ "github.com/dtm-labs/dtm"
