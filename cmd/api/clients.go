package main

import (
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/clientaddr"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
)

// proxies are those that may tell who a client is. In production something in front ends
// TLS, so there is one.
func proxies(cfg config.Config, log *slog.Logger) (clientaddr.Proxies, error) {
	if cfg.Environment == config.Production && cfg.TrustedProxies == "" {
		log.Warn("TRUSTED_PROXIES is not set: all clients behind a proxy count as one, for their rates and in the access log")
	}
	p, err := clientaddr.Parse(cfg.TrustedProxies)
	if err != nil {
		return p, fmt.Errorf("TRUSTED_PROXIES: %w", err)
	}
	return p, nil
}

// share gives each client its share of the lanes.
func share(cfg config.Config, counters redis.UniversalClient, o *httpapi.Options) {
	if cfg.FastLanePerClient > 0 {
		o.FastLane = ratelimit.New(counters, "fast-lane", ratelimit.Rates{Client: cfg.FastLanePerClient})
	}
	if cfg.BulkPerClient > 0 {
		o.BulkLane = ratelimit.New(counters, "bulk-lane", ratelimit.Rates{Client: cfg.BulkPerClient})
	}
}
