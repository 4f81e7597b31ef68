// Package storage opens the places where a photo is kept, which all three
// processes share: the records, the keys and the blobs, as the configuration
// names them.
package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/command"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/installation"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/ops"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Storage is everything that outlives a process.
type Storage struct {
	Photos       *sqlstore.Photos
	Receipts     *sqlstore.Receipts
	Contests     *sqlstore.Contests
	Requests     *sqlstore.SubjectRequests
	Restrictions *sqlstore.Restrictions
	ChildReports *sqlstore.ChildReports
	Processors   *sqlstore.Processors
	Breaches     *sqlstore.Breaches
	Disclosures  *sqlstore.Disclosures
	Complaints   *sqlstore.Complaints
	SupportNotes *sqlstore.SupportNotes
	Letters      *sqlstore.Letters
	Archives     *sqlstore.Archives
	Reminders    *sqlstore.Reminders
	Audit        *sqlstore.Audit
	Signed       *sqlstore.SigningKeys
	Journal      *keyring.Journal
	Ledger       *sqlstore.Ledger
	AccessLog    *sqlstore.AccessLog
	Statistics   *sqlstore.Statistics
	Vault        *vault.Vault
	Keys         *keyring.Keyring
	Master       *keyring.Master

	OperatorSessions *sqlstore.OperatorSessions
	Authenticators   *sqlstore.Authenticators
	APIClients       *sqlstore.APIClients
	Webhooks         *sqlstore.Webhooks

	records, keys *sqldb.DB
	blobs         *blobstore.Store
	closers       command.Closers
}

// Open opens all of them, or none. It succeeds while a database server is down
// or not yet migrated: Checks tell.
func Open(ctx context.Context, cfg config.Config) (s *Storage, err error) {
	s = &Storage{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.records, err = sqlstore.Open(ctx, cfg.DatabaseURL); err != nil {
		return s, fmt.Errorf("DATABASE_URL: %w", err)
	}
	s.closers.Add(s.records)
	if s.keys, err = keyring.OpenDatabase(ctx, cfg.KeysDatabaseURL); err != nil {
		return s, fmt.Errorf("KEYS_DATABASE_URL: %w", err)
	}
	s.closers.Add(s.keys)
	for _, db := range []*sqldb.DB{s.records, s.keys} {
		db.Bound(sqldb.Pool{Most: cfg.DatabasePool, Life: cfg.DatabaseConnLife})
	}
	if s.Master, err = keyring.OpenMaster(ctx, cfg.MasterKeyURL, cfg.OldMasterKeyURLs...); err != nil {
		return s, fmt.Errorf("MASTER_KEY_URL, OLD_MASTER_KEY_URLS: %w", err)
	}
	s.closers.Add(s.Master)
	if s.blobs, err = blobstore.Open(ctx, cfg.BlobURL); err != nil {
		return s, fmt.Errorf("BLOB_URL: %w", err)
	}
	s.closers.Add(s.blobs)
	s.Photos, s.Receipts = sqlstore.NewPhotos(s.records), sqlstore.NewReceipts(s.records)
	s.Contests, s.Audit = sqlstore.NewContests(s.records), sqlstore.NewAudit(s.records)
	s.Requests = sqlstore.NewSubjectRequests(s.records)
	s.AccessLog, s.Statistics = sqlstore.NewAccessLog(s.records), sqlstore.NewStatistics(s.records)
	s.Restrictions, s.Ledger = sqlstore.NewRestrictions(s.records), sqlstore.NewLedger(s.records)
	s.OperatorSessions, s.Authenticators = sqlstore.NewOperatorSessions(s.records), sqlstore.NewAuthenticators(s.records)
	s.ChildReports = sqlstore.NewChildReports(s.records)
	s.Archives = sqlstore.NewArchives(s.records)
	s.Letters, s.Reminders = sqlstore.NewLetters(s.records), sqlstore.NewReminders(s.records)
	s.Processors = sqlstore.NewProcessors(s.records)
	s.APIClients, s.Webhooks = sqlstore.NewAPIClients(s.records), sqlstore.NewWebhooks(s.records)
	s.Breaches, s.Disclosures = sqlstore.NewBreaches(s.records), sqlstore.NewDisclosures(s.records)
	s.Complaints, s.SupportNotes = sqlstore.NewComplaints(s.records), sqlstore.NewSupportNotes(s.records)
	s.Keys = keyring.New(s.keys, s.Master)
	s.Vault = vault.New(s.blobs, s.Keys)
	s.Signed, s.Journal = sqlstore.NewSigningKeys(s.records), keyring.NewJournal(s.keys)
	return s, nil
}

// Migrate brings both databases to the version that this program knows, and gives
// stores that are new the ID of their installation. Several processes may do it at
// once. It changes no ID and refuses what does not belong together.
func (s *Storage) Migrate(ctx context.Context) error {
	if err := s.records.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate the records: %w", err)
	}
	if err := s.keys.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate the keys: %w", err)
	}
	return s.Together().Adopt(ctx)
}

// Together tells whether the three stores belong to one installation.
func (s *Storage) Together() installation.Stores {
	return installation.Stores{
		Records: sqldb.Mark{DB: s.records, Table: "installation", Use: []string{"photos", "contests", "erasure_receipts", "audit_events", "access_log"}},
		Keys:    sqldb.Mark{DB: s.keys, Table: "keys_installation", Use: []string{"photo_keys"}},
		Blobs:   s.blobs.Mark(),
	}
}

// Rewrite writes the tables anew from which what belongs to a person is deleted,
// where the database keeps the bytes of what was deleted; see sqldb.
func (s *Storage) Rewrite(ctx context.Context) error {
	return errors.Join(
		s.records.Rewrite(ctx, "photos", "contests", "subject_requests", "erasures", "letter_secrets", "archives", "breach_versions", "disclosures", "child_reports", "complaints", "support_notes", "webhook_notices"),
		s.keys.Rewrite(ctx, "erasure_journal"),
	)
}

// Clock is the time as the records' database has it: on SQLite this machine's own,
// on PostgreSQL the server's.
func (s *Storage) Clock(ctx context.Context) (time.Time, error) { return s.records.Clock(ctx) }

// BucketConcerns are what is wrong with the settings of the bucket that blobs lie in;
// none for a directory.
func (s *Storage) BucketConcerns(ctx context.Context) []blobstore.Concern {
	return s.blobs.Concerns(ctx)
}

// clockReady reports that this process's clock can't be believed: what it writes
// into the records as the time of an edit would be wrong by as much.
func (s *Storage) clockReady(ctx context.Context) error {
	theirs, err := s.Clock(ctx)
	if err != nil {
		return err
	}
	if ahead := time.Since(theirs); ahead.Abs() > retention.ClockTolerance {
		return fmt.Errorf("this machine's clock is %s ahead of the records' database", ahead.Round(time.Second))
	}
	return nil
}

// Checks are for a process's readiness.
func (s *Storage) Checks() []ops.Check {
	return []ops.Check{
		{Name: "records", Ready: s.records.Ready},
		{Name: "clock", Ready: s.clockReady},
		{Name: "keys", Ready: s.keys.Ready},
		{Name: "master_key", Ready: s.Keys.Ready},
		{Name: "blobs", Ready: s.blobs.Ready},
		{Name: "stores", Ready: s.Together().Agree},
	}
}

// Pools tell how the connections to the databases stand.
func (s *Storage) Pools() []func() metrics.Pool {
	var looks []func() metrics.Pool
	for name, db := range map[string]*sqldb.DB{"records": s.records, "keys": s.keys} {
		looks = append(looks, func() metrics.Pool {
			stats := db.Stats()
			return metrics.Pool{
				Name: name, InUse: stats.InUse, Idle: stats.Idle, Most: stats.MaxOpenConnections,
				Waits: stats.WaitCount, Waited: stats.WaitDuration,
			}
		})
	}
	return looks
}

// Close closes what was opened, last first.
func (s *Storage) Close() error { return s.closers.Close() }
