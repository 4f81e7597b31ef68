package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// safe is a vault on files and SQLite, and what it is made of.
type safe struct {
	*vault.Vault
	dir   string
	keys  *keyring.Keyring
	close []io.Closer
}

func openSafe(ctx context.Context) (s *safe, err error) {
	s = &safe{}
	if s.dir, err = os.MkdirTemp("", "bench-vault-"); err != nil {
		return s, err
	}
	var db *sqldb.DB
	if db, err = keyring.OpenDatabase(ctx, "sqlite:"+filepath.Join(s.dir, "keys.db")); err != nil {
		return s, err
	}
	s.close = append(s.close, db)
	if err := db.Migrate(ctx); err != nil {
		return s, err
	}
	master, err := keyring.OpenMaster(ctx, "file://"+filepath.Join(s.dir, "master.key"))
	if err != nil {
		return s, err
	}
	s.close = append(s.close, master)
	blobs, err := blobstore.Open(ctx, "file://"+filepath.Join(s.dir, "blobs"))
	if err != nil {
		return s, err
	}
	s.close = append(s.close, blobs)
	s.keys = keyring.New(db, master)
	s.Vault = vault.New(blobs, s.keys)
	return s, nil
}

func (s *safe) Close() error {
	errs := []error{os.RemoveAll(s.dir)}
	for _, c := range s.close {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// printVault makes photos as upload and worker do, with the vault between them,
// and says what the vault takes of their time: the files and the key's row
// included, and encrypting and decrypting alone.
func printVault(ctx context.Context, pool *studio.Pool, pictures []picture, runs int) error {
	spec, err := find(document)
	if err != nil {
		return err
	}
	s, err := openSafe(ctx)
	defer func() { _ = s.Close() }()
	if err != nil {
		return err
	}
	t := newTable("picture")
	job := pipeline.Job{Spec: spec, AgeBand: photo.Adult, Format: photo.JPEG}
	for _, p := range pictures {
		var whole, kept, ciphers []time.Duration
		for i := range warmUp + runs {
			c := photo.Claim{ID: photo.NewID(), Revision: 1, Attempt: 1}
			var made pipeline.Result
			began := time.Now()
			vaulted, err := s.keep(ctx, c, p.file, func(original io.Reader) (pipeline.Result, error) {
				var err error
				made, err = pool.Develop(ctx, job, studio.Given{Original: original}, func(photo.Step) {})
				return made, err
			})
			took := time.Since(began)
			if err != nil {
				return err
			}
			cipher, err := s.encrypt(ctx, c.ID, p.file, made.Picture, made.Report, made.Analysis)
			if err != nil {
				return err
			}
			if i >= warmUp {
				whole, kept, ciphers = append(whole, took), append(kept, vaulted), append(ciphers, cipher)
			}
		}
		row := fmt.Sprintf("%g MP", p.megapixels)
		share := func(d []time.Duration) string {
			return fmt.Sprintf("%.1f %%", 100*float64(mean(d))/float64(mean(whole)))
		}
		t.set(row, "photo", milliseconds(mean(whole)))
		t.set(row, "vault", milliseconds(mean(kept)))
		t.set(row, "vault's share", share(kept))
		t.set(row, "cipher", milliseconds(mean(ciphers)))
		t.set(row, "cipher's share", share(ciphers))
	}
	t.print()
	return nil
}

// keep stores an original, opens it, has it developed and stores what came of it.
// It returns the vault's part of the time; the original is read meanwhile, so
// that it is decrypted before it is handed on, as the vault's part.
func (s *safe) keep(ctx context.Context, c photo.Claim, file []byte, develop func(io.Reader) (pipeline.Result, error)) (time.Duration, error) {
	began := time.Now()
	if _, err := s.Put(ctx, vault.OriginalOf(c.ID), bytes.NewReader(file)); err != nil {
		return 0, err
	}
	original, err := s.Read(ctx, vault.OriginalOf(c.ID))
	if err != nil {
		return 0, err
	}
	took := time.Since(began)
	made, err := develop(bytes.NewReader(original))
	if err != nil {
		return 0, err
	}
	began = time.Now()
	for kind, content := range map[vault.Kind][]byte{vault.Result: made.Picture, vault.Report: made.Report, vault.Analysis: made.Analysis} {
		if _, err := s.Put(ctx, vault.Of(kind, c), bytes.NewReader(content)); err != nil {
			return 0, err
		}
	}
	return took + time.Since(began), nil
}

// encrypt is the time of the ciphers alone, in memory: the first, the upload, is
// encrypted and decrypted, the others are encrypted.
func (s *safe) encrypt(ctx context.Context, id photo.ID, all ...[]byte) (time.Duration, error) {
	cipher, err := s.keys.Find(ctx, id)
	if err != nil {
		return 0, err
	}
	var sealed bytes.Buffer
	sealed.Grow(2 * len(all[0]))
	bound := []byte("bench")
	began := time.Now()
	for i, content := range all {
		sealed.Reset()
		w, err := cipher.Encrypt(&sealed, bound)
		if err != nil {
			return 0, err
		}
		if _, err := w.Write(content); err != nil {
			return 0, err
		}
		if err := w.Close(); err != nil {
			return 0, err
		}
		if i > 0 {
			continue
		}
		r, err := cipher.Decrypt(&sealed, bound)
		if err != nil {
			return 0, err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}
