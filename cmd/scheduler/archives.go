package main

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// archiveMeter gives the counts of archives to the metrics.
type archiveMeter struct{ *metrics.Archives }

// Built counts a try.
func (m archiveMeter) Built(k subjectrequest.Kind, r archivist.Result) { m.Tried(k, string(r)) }

// archiving is who archives are built for, and who counts them.
type archiving struct {
	desk    archivist.Desk
	figures *metrics.Metrics
}

// newArchivist opens what requests for access and portability are answered by.
func newArchivist(cfg config.Config, store *storage.Storage, with archiving, s Surroundings) (*archivist.Archivist, error) {
	promises, err := policy.Load()
	if err != nil {
		return nil, err
	}
	facts, err := cfg.PolicyFacts()
	if err != nil {
		return nil, err
	}
	with.figures.WatchArchives(s.Now, store.Archives.Waiting)
	return archivist.New(archivist.Options{
		Requests: store.Requests, Archives: store.Archives, Sealer: store.Master, Desk: with.desk,
		Holdings: store.Holdings(promises, facts),
		Meter:    archiveMeter{with.figures.NewArchives()}, Log: s.Log, Now: s.Now,
	}), nil
}

// How archives are built: nobody waits for one with the connection open.
const (
	archivesAtOnce = 2
	archivePoll    = 200 * time.Millisecond
)

// answer serves the queue of archives until ctx ends.
func (a *App) answer(ctx context.Context) error {
	return tasks.Serve(ctx, a.redis, tasks.ServeOptions{
		Queue: tasks.Answers, Concurrency: archivesAtOnce, Poll: archivePoll, Log: a.log, Tracer: a.tracer,
	}, scheduler.AnswerRequests(a.archivist))
}
