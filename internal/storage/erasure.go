package storage

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/keyfile"
)

// Signer opens the key that signs statements.
func Signer(cfg config.Config) (*attest.Signer, error) {
	seed, err := signingSeed(cfg)
	if err != nil {
		return nil, err
	}
	return attest.NewSigner(seed), nil
}

func signingSeed(cfg config.Config) ([keyfile.Size]byte, error) {
	seed, err := keyfile.Open(cfg.SigningKeyURL)
	if err != nil {
		return seed, fmt.Errorf("SIGNING_KEY_URL: %w", err)
	}
	return seed, nil
}

// Erasure says what an eraser works with: all but the process's own meter, log and
// clock. The order of its steps is that of the promise: after the first nobody can
// read a picture any more.
func (s *Storage) Erasure(signer *attest.Signer, queue erasure.Queue, used erasure.Statistics) erasure.Options {
	return erasure.Options{
		Marks: s.Photos, Receipts: s.Receipts, Backlog: s.Receipts, Journal: s.Journal, Signer: signer,
		Steps: []erasure.Step{
			erasure.Key(s.Keys),
			erasure.Usage(s.Photos, used),
			erasure.Entries(queue),
			erasure.Blobs(s.Vault),
			erasure.Record(s.Photos),
		},
	}
}

// Reapplier is for a database of records that was restored from a backup.
func (s *Storage) Reapplier(e *erasure.Eraser) *erasure.Reapplier {
	return &erasure.Reapplier{Eraser: e, Photos: s.Photos, Receipts: s.Receipts, Keys: s.Keys}
}
