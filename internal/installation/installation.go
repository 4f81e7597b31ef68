// Package installation knows whether the records, the keys and the blobs belong
// together. Each of the three holds the installation's ID, a random name that is
// written once. A process whose settings name the wrong database would take all
// keys and pictures for orphans, because that database has no record of them: so
// nothing is swept, and no process is ready, unless the three agree.
package installation

import (
	"context"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Store is one of the three.
type Store interface {
	// ID is the one that the store holds, or empty.
	ID(ctx context.Context) (string, error)
	// Keep writes the ID unless the store holds one, and returns that which it holds.
	Keep(ctx context.Context, id string) (string, error)
	// Used reports whether there is anything in the store that was not there when it
	// was new, but for the ID.
	Used(ctx context.Context) (bool, error)
}

// Stores are those of one installation.
type Stores struct{ Records, Keys, Blobs Store }

// Reasons why stores do not belong together. They say what to do.
var (
	ErrOthers = errors.New("records, keys and blobs are not of one installation: set DATABASE_URL, KEYS_DATABASE_URL and BLOB_URL to those that belong together")
	ErrNoID   = errors.New("records, keys or blobs lack the installation's ID: set DATABASE_URL, KEYS_DATABASE_URL and BLOB_URL to those that belong together, and run scheduler migrate")

	ErrNoRecords = errors.New("the records are empty, and there are keys or blobs of an installation: set DATABASE_URL to its records, or restore a backup; " +
		"if they are lost for good, nobody can open the pictures: empty KEYS_DATABASE_URL and BLOB_URL as well, and begin anew")
	ErrNoKeys = errors.New("there are pictures and no keys of them: set KEYS_DATABASE_URL to their keys; " +
		"if these are lost for good, nobody can open the pictures: delete what lies under photos/ and held/ in BLOB_URL")
	ErrNoBlobs = errors.New("there are keys of pictures and no pictures: is the disk mounted? Set BLOB_URL to where they are; " +
		"if they are lost for good, delete all rows of the table photo_keys in KEYS_DATABASE_URL")
)

// Agree is nil if all three hold the same ID.
func (s Stores) Agree(ctx context.Context) error {
	ids, err := s.ids(ctx)
	if err != nil {
		return err
	}
	if ids.other() {
		return ErrOthers
	}
	if !ids.all() {
		return ErrNoID
	}
	return nil
}

// Adopt gives an ID to those that have none: a new one to a new installation, and
// to one from before there were IDs; that of the others to a store that was begun
// anew, as keys and blobs are where a backup is tried on another machine. What was
// restored has its own. It changes nothing if the stores can't belong together, and
// may run in several places at once.
func (s Stores) Adopt(ctx context.Context) error {
	ids, err := s.ids(ctx)
	if err != nil {
		return err
	}
	if ids.other() {
		return ErrOthers
	}
	if err := s.missing(ctx, ids); err != nil {
		return err
	}
	id := ids.any()
	if id == "" {
		id = secret.NewName()
	}
	// The records first: broken off after that, this can be begun again.
	if id, err = s.Records.Keep(ctx, id); err != nil {
		return fmt.Errorf("give the records their installation's ID: %w", err)
	}
	for _, other := range []Store{s.Keys, s.Blobs} {
		got, err := other.Keep(ctx, id)
		if err != nil {
			return fmt.Errorf("give keys and blobs their installation's ID: %w", err)
		}
		if got != id {
			return ErrOthers
		}
	}
	return nil
}

// missing refuses a store that is new where the others say that it can't be: a
// setting is wrong, or what it names was lost.
func (s Stores) missing(ctx context.Context, ids held) error {
	if ids.all() {
		return nil
	}
	var used [3]bool
	for i, store := range []Store{s.Records, s.Keys, s.Blobs} {
		var err error
		if used[i], err = store.Used(ctx); err != nil {
			return err
		}
	}
	records, keys, blobs := used[0], used[1], used[2]
	switch {
	case ids.records == "" && !records && (ids.any() != "" || keys || blobs):
		return ErrNoRecords
	case ids.keys == "" && !keys && blobs:
		return ErrNoKeys
	case ids.blobs == "" && !blobs && keys:
		return ErrNoBlobs
	}
	return nil
}

// held are the IDs that the three hold.
type held struct{ records, keys, blobs string }

// ids reads the records' last, which are given theirs first: whoever finds the
// others' in a new installation finds the records' as well.
func (s Stores) ids(ctx context.Context) (h held, err error) {
	if h.blobs, err = s.Blobs.ID(ctx); err != nil {
		return h, fmt.Errorf("read the installation's ID among the blobs: %w", err)
	}
	if h.keys, err = s.Keys.ID(ctx); err != nil {
		return h, fmt.Errorf("read the installation's ID among the keys: %w", err)
	}
	if h.records, err = s.Records.ID(ctx); err != nil {
		return h, fmt.Errorf("read the installation's ID among the records: %w", err)
	}
	return h, nil
}

// all reports that each of them holds one.
func (h held) all() bool { return h.records != "" && h.keys != "" && h.blobs != "" }

// any is an ID that one of them holds.
func (h held) any() string {
	for _, id := range []string{h.records, h.keys, h.blobs} {
		if id != "" {
			return id
		}
	}
	return ""
}

// other reports that two hold different ones.
func (h held) other() bool {
	for _, id := range []string{h.records, h.keys, h.blobs} {
		if id != "" && id != h.any() {
			return true
		}
	}
	return false
}
