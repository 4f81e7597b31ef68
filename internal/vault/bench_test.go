package vault_test

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// ram keeps one blob in memory: what is measured is the encryption.
type ram struct {
	vault.Folders // nothing is moved
	blob          bytes.Buffer
}

func (r *ram) Create(context.Context, string) (io.WriteCloser, error) {
	r.blob.Reset()
	return r, nil
}

func (r *ram) Write(b []byte) (int, error) { return r.blob.Write(b) }

func (r *ram) Close() error { return nil }

func (r *ram) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(r.blob.Bytes())), nil
}

func (r *ram) DeleteAll(context.Context, string) error { return nil }

func (r *ram) Names(context.Context, string) ([]string, error) { return nil, nil }

func benchVault(b *testing.B) *vault.Vault {
	b.Helper()
	dir := b.TempDir()
	db, err := keyring.OpenDatabase(b.Context(), "sqlite:"+filepath.Join(dir, "keys.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	master, err := keyring.OpenMaster(b.Context(), "file://"+filepath.Join(dir, "master.key"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = master.Close() })
	return vault.New(&ram{}, keyring.New(db, master))
}

const largest = 25 << 20

func BenchmarkPutLargestOriginal(b *testing.B) {
	v, content := benchVault(b), make([]byte, largest)
	item := vault.OriginalOf(photo.NewID())
	b.SetBytes(largest)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Put(b.Context(), item, bytes.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenLargestOriginal(b *testing.B) {
	v, item := benchVault(b), vault.OriginalOf(photo.NewID())
	if _, err := v.Put(b.Context(), item, bytes.NewReader(make([]byte, largest))); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(largest)
	b.ReportAllocs()
	for b.Loop() {
		r, err := v.Open(b.Context(), item)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
		_ = r.Close()
	}
}

// BenchmarkOpenSmall is what finding and opening the key costs.
func BenchmarkOpenSmall(b *testing.B) {
	v, item := benchVault(b), vault.OriginalOf(photo.NewID())
	if _, err := v.Put(b.Context(), item, bytes.NewReader([]byte("a report"))); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := v.Read(b.Context(), item); err != nil {
			b.Fatal(err)
		}
	}
}
