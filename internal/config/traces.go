package config

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// TraceHeaderFields reads OTEL_EXPORTER_OTLP_HEADERS. The error does not repeat what
// stands there, which may be secret.
func (c Config) TraceHeaderFields() (map[string]string, error) {
	fields := map[string]string{}
	for pair := range strings.SplitSeq(c.TraceHeaders, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !ok || name == "" || err != nil {
			return nil, errors.New("not of the form NAME=VALUE,NAME=VALUE")
		}
		fields[name] = value
	}
	return fields, nil
}

// untraceable finds what traces could not be sent with.
func (c Config) untraceable() (problems []string) {
	if c.TraceEndpoint != "" && !isCollector(c.TraceEndpoint) {
		problems = append(problems, "OTEL_EXPORTER_OTLP_ENDPOINT is not an address: write https://COLLECTOR:4318, without /v1/traces")
	}
	if _, err := c.TraceHeaderFields(); err != nil {
		problems = append(problems, "OTEL_EXPORTER_OTLP_HEADERS is "+err.Error())
	}
	known := []string{"always_on", "always_off", "traceidratio"}
	if !slices.Contains(known, strings.TrimPrefix(c.TraceSampler, "parentbased_")) {
		problems = append(problems, "OTEL_TRACES_SAMPLER is unknown: set always_on, always_off or traceidratio, or one of these with parentbased_ before it")
	}
	if !(c.TraceShare >= 0 && c.TraceShare <= 1) { // NaN is neither
		problems = append(problems, "OTEL_TRACES_SAMPLER_ARG must be 0 to 1")
	}
	return problems
}

func isCollector(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.RawQuery == "" && u.User == nil &&
		!strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/v1/traces")
}

func plainTraces(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "http" && !loopback(u.Hostname())
}
