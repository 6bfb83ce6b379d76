module interop/go-cache

go 1.19

require (
	github.com/dtm-labs/rockscache v0.1.1
	github.com/redis/go-redis/v9 v9.0.3
)

require (
	github.com/cespare/xxhash/v2 v2.2.0 // indirect
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
	github.com/google/uuid v1.3.0 // indirect
	github.com/lithammer/shortuuid v3.0.0+incompatible // indirect
	golang.org/x/sync v0.1.0 // indirect
)
