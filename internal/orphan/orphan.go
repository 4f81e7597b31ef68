// Package orphan finds what the stores hold or miss against the records, and
// settles it:
//
//   - blobs of a photo without a record, which nobody can ever ask for, are
//     deleted with its key;
//   - wrapped keys without a record are erased;
//   - photos whose key or blobs are gone end as failed, and their owners are told
//     that we lost them, rather than waiting for what can't come.
//
// There may be millions of each, so a sweep goes a bounded way and the next one
// goes on from there. What is too young is left alone, because an upload under way
// might still have to do with it. The way is kept in memory: a process that
// restarts begins anew.
package orphan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Records are the photos' records.
type Records interface {
	Absent(ctx context.Context, ids []photo.ID) ([]photo.ID, error)
	Resting(ctx context.Context, after photo.ID, limit int) ([]photo.Photo, error)
	Lose(ctx context.Context, seen photo.Photo) (bool, error)
}

// Vault is where blobs and keys lie.
type Vault interface {
	Walk() *vault.Walk
	LastStored(ctx context.Context, id photo.ID) (time.Time, error)
	Whole(ctx context.Context, p photo.Photo) (bool, error)
	Eraser
}

// Eraser deletes what a photo has there.
type Eraser interface {
	EraseKey(ctx context.Context, id photo.ID) error
	EraseBlobs(ctx context.Context, id photo.ID) error
}

// Keys tells of which photos there are keys, made before a time, by ID and from
// the one that follows after.
type Keys interface {
	MadeBefore(ctx context.Context, before time.Time, after photo.ID, limit int) ([]photo.ID, error)
}

// Kind is what was found, a label of the metrics.
type Kind string

// The kinds.
const (
	Blobs  Kind = "blobs"  // of a photo without a record; counted by photo
	Key    Kind = "key"    // without a record, also when it is met before the photo's blobs
	Record Kind = "record" // without its blobs or its key
)

// Meter counts what was found and settled.
type Meter interface{ Orphan(kind string) }

// Options are what a Sweeper works with; all are needed but Bounds.
type Options struct {
	Records Records
	Vault   Vault
	Keys    Keys
	Meter   Meter
	Log     *slog.Logger
	Bounds  Bounds // DefaultBounds if zero
}

// Bounds are how far one sweep goes, in photos, and how many it looks at at a time.
// Records take a look or three at the blob store each, the others a fraction of one.
type Bounds struct{ Blobs, Keys, Records, AtATime int }

// DefaultBounds come around a million photos within some hours, if a sweep takes
// place every five minutes.
func DefaultBounds() Bounds {
	return Bounds{Blobs: 20_000, Keys: 20_000, Records: 2_000, AtATime: 1_000}
}

// Sweeper sweeps. It is not for several goroutines at once.
type Sweeper struct {
	Options
	walk   *vault.Walk // nil between two ways
	key    photo.ID    // the last one looked at; empty between two ways
	record photo.ID
}

// New returns a sweeper.
func New(o Options) *Sweeper {
	if o.Bounds == (Bounds{}) {
		o.Bounds = DefaultBounds()
	}
	return &Sweeper{Options: o}
}

// Sweep goes a part of each of the three ways. One that is blocked does not keep it
// from the others.
func (s *Sweeper) Sweep(ctx context.Context, now time.Time) error {
	before := now.Add(-retention.OrphanAge)
	return errors.Join(s.sweepBlobs(ctx, before), s.sweepKeys(ctx, before), s.sweepRecords(ctx))
}

func (s *Sweeper) sweepBlobs(ctx context.Context, before time.Time) error {
	if s.walk == nil {
		s.walk = s.Vault.Walk()
	}
	for seen := 0; seen < s.Bounds.Blobs; seen += s.Bounds.AtATime {
		ids, err := s.walk.Next(ctx, s.Bounds.AtATime)
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			s.walk = nil
			return fmt.Errorf("look for blobs without a record: %w", err)
		}
		absent, err := s.Records.Absent(ctx, ids)
		if err != nil {
			return fmt.Errorf("look for blobs without a record: %w", err)
		}
		for _, id := range absent {
			if err := s.dropBlobs(ctx, id, before); err != nil {
				return fmt.Errorf("delete blobs without a record: %w", err)
			}
		}
		if end {
			s.walk = nil
			return nil
		}
	}
	return nil
}

func (s *Sweeper) dropBlobs(ctx context.Context, id photo.ID, before time.Time) error {
	stored, err := s.Vault.LastStored(ctx, id)
	if err != nil || stored.After(before) {
		return err
	}
	if err := s.Vault.EraseKey(ctx, id); err != nil {
		return err
	}
	if err := s.Vault.EraseBlobs(ctx, id); err != nil {
		return err
	}
	if !stored.IsZero() { // or it was an empty folder
		s.found(Blobs)
	}
	return nil
}

func (s *Sweeper) sweepKeys(ctx context.Context, before time.Time) error {
	for seen := 0; seen < s.Bounds.Keys; seen += s.Bounds.AtATime {
		ids, err := s.Keys.MadeBefore(ctx, before, s.key, s.Bounds.AtATime)
		if err != nil {
			return fmt.Errorf("look for keys without a record: %w", err)
		}
		if len(ids) == 0 {
			s.key = ""
			return nil
		}
		absent, err := s.Records.Absent(ctx, ids)
		if err != nil {
			return fmt.Errorf("look for keys without a record: %w", err)
		}
		for _, id := range absent {
			if err := s.Vault.EraseKey(ctx, id); err != nil {
				return fmt.Errorf("erase keys without a record: %w", err)
			}
			s.found(Key)
		}
		s.key = ids[len(ids)-1]
	}
	return nil
}

func (s *Sweeper) sweepRecords(ctx context.Context) error {
	for seen := 0; seen < s.Bounds.Records; {
		photos, err := s.Records.Resting(ctx, s.record, min(s.Bounds.AtATime, s.Bounds.Records-seen))
		if err != nil {
			return fmt.Errorf("look for photos without blobs: %w", err)
		}
		if len(photos) == 0 {
			s.record = ""
			return nil
		}
		for _, p := range photos {
			if err := s.lose(ctx, p); err != nil {
				return fmt.Errorf("look for photos without blobs: %w", err)
			}
			s.record = p.ID
			seen++
		}
	}
	return nil
}

// lose ends a photo that has lost something, unless it has moved on meanwhile: then
// it may have been looked at between two of its states.
func (s *Sweeper) lose(ctx context.Context, p photo.Photo) error {
	whole, err := s.Vault.Whole(ctx, p)
	if err != nil || whole {
		return err
	}
	lost, err := s.Records.Lose(ctx, p)
	if lost {
		s.found(Record)
		s.Log.Error("a photo's blobs or its key are gone", "photo", string(p.ID), "revision", p.Revision)
	}
	return err
}

func (s *Sweeper) found(k Kind) {
	s.Meter.Orphan(string(k))
	s.Log.Warn("an orphan was settled", "cause", string(k))
}
