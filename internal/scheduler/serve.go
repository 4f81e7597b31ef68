package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// UnservedRequests lists requests for which the program may have something to do.
type UnservedRequests interface {
	Unserved(ctx context.Context, limit int) ([]subjectrequest.ID, error)
}

// RequestServer does what a program can do for a request, from wherever it stands.
type RequestServer interface {
	Serve(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error)
}

// ServeRequests takes up what broke off after a request was filed or an address was
// proved, and answers requests whose contest is decided. One that resists does not stop
// the rest.
func ServeRequests(requests UnservedRequests, server RequestServer, log *slog.Logger) Job {
	return Job{Name: "serve_requests", Every: time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		served := 0
		failed, err := rounds[subjectrequest.ID, subjectrequest.ID]{
			batch: settleBatch,
			find:  requests.Unserved,
			key:   func(id subjectrequest.ID) subjectrequest.ID { return id },
			do: func(ctx context.Context, id subjectrequest.ID) error {
				r, err := server.Serve(ctx, id)
				switch {
				case err != nil:
					return err
				case r.State == subjectrequest.Received:
					return errLeft // somebody else acts on it
				}
				served++
				return nil
			},
		}.run(ctx)
		if served > 0 {
			log.Info("served requests", "job", "serve_requests", "count", served)
		}
		if err == nil && failed.count > 0 {
			err = fmt.Errorf("%d requests could not be served, the last because: %w", failed.count, failed.last)
		}
		return err
	}}
}
