package httpapi_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// desk takes requests in as the API process does.
func (s *service) desk(log *slog.Logger) *privacydesk.Desk {
	s.Helper()
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	s.must(err)
	requests := sqlstore.NewSubjectRequests(s.db)
	return privacydesk.New(privacydesk.Options{
		Requests: requests, Locks: requests, Photos: s.photos, Eraser: s.eraser(log),
		Statistics: sqlstore.NewStatistics(s.db), AccessLines: sqlstore.NewAccessLog(s.db), Contests: sqlstore.NewContests(s.db), Trail: sqlstore.NewAudit(s.db),
		Disclosures: noneDisclosed{}, Registers: nothingFiled{}, Queue: s.queue, Calendar: calendar,
		Writer:       letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC},
		RequesterKey: []byte("0123456789abcdef"), Authority: "The authority, 1 Main Street", ShineTheLight: "shine@photos.example",
		Log: log, Now: s.clock.Now,
	})
}

// archives hands out what the archivist has built.
func (s *service) archives() *archivist.Reader {
	s.Helper()
	class := retention.Of(retention.Answers)
	kept, err := class.For(class.Default, false)
	s.must(err)
	return archivist.NewReader(archivist.ReaderOptions{
		Requests: sqlstore.NewSubjectRequests(s.db), Archives: sqlstore.NewArchives(s.db), Opener: s.master, Photos: s.photos, Pictures: s.vault, Kept: kept, Now: s.clock.Now,
	})
}

// docket is all that waits, as the API process knows it.
func (s *service) docket(calendar subjectrequest.Calendar) docket.Board {
	s.Helper()
	dir := s.TempDir()
	store, err := storage.Open(s.Context(), config.Config{
		DatabaseURL: s.database, KeysDatabaseURL: "sqlite:" + filepath.Join(dir, "keys.db"),
		MasterKeyURL: "file://" + filepath.Join(dir, "master.key"), BlobURL: "file://" + filepath.Join(dir, "blobs"),
	})
	s.must(err)
	s.Cleanup(func() { _ = store.Close() })
	return store.Docket(calendar)
}

type noneDisclosed struct{}

func (noneDisclosed) Answer(_ context.Context, year int) (string, error) {
	return disclosure.Answer(year, nil, policy.Controller{Name: "Photos"}), nil
}

type nothingFiled struct{}

func (nothingFiled) Forget(context.Context, email.Address, subjectrequest.By) error { return nil }
