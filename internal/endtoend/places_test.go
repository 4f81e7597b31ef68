package endtoend

import (
	"crypto/sha256"
	"encoding/hex"
	"os/exec"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// all is what there is to look for.
func (p *person) all() *search {
	p.t.Helper()
	s := p.hidden()
	s.add("the mark in a contest", []byte(p.words))
	for name, o := range p.photos {
		s.addName(p.t, "the ID of "+name, o.id)
	}
	s.addName(p.t, "the reference of uncounted", p.photos["uncounted"].reference)
	return s
}

// hidden is what nothing but the person's own request may ever hold.
func (p *person) hidden() *search {
	p.t.Helper()
	s := &search{}
	s.add("the mark", []byte(p.mark))
	s.add("a password", []byte(p.password))
	for name, value := range p.secrets {
		s.addName(p.t, name, value)
	}
	for name, o := range p.photos {
		s.addName(p.t, "the key of "+name, o.key)
		hash := sha256.Sum256([]byte(o.key))
		s.add("the hash of the key of "+name, hash[:])
		s.add("the wrapped key of "+name, p.wrapped[name])
	}
	return s
}

// onPostgres says whether the databases are PostgreSQL's, and blobs in S3.
func (p *person) onPostgres() bool { return strings.HasPrefix(p.setting("DATABASE_URL"), "postgres:") }

// noteWrapped reads the wrapped keys of all photos.
func (p *person) noteWrapped() {
	p.t.Helper()
	inHex := "hex(wrapped)"
	if p.onPostgres() {
		inHex = "encode(wrapped, 'hex')"
	}
	p.wrapped = map[string][]byte{}
	for name, o := range p.photos {
		b, err := hex.DecodeString(strings.ToLower(p.sql("KEYS_DATABASE_URL", "SELECT "+inHex+" FROM photo_keys WHERE photo_id = '"+o.id+"'")))
		if err != nil || len(b) < 32 {
			p.t.Fatalf("the wrapped key of %s has %d bytes: %v", name, len(b), err)
		}
		p.wrapped[name] = b
	}
}

// everywhere searches all places.
func (p *person) everywhere(s *search) (hits []hit) {
	p.t.Helper()
	hits = s.folder(p.t, "dir", p.Dir) // databases and blobs if they are files, and the temporary folder
	p.disk.Save(p.t)
	p.disk.Condense(p.t)
	hits = append(hits, s.folder(p.t, "Redis", p.disk.Dir)...)
	hits = append(hits, s.folder(p.t, "shared memory", "/dev/shm")...)
	for _, log := range p.logs {
		hits = append(hits, s.in("a log", []byte(log.String()))...)
	}
	if !p.onPostgres() {
		return hits
	}
	hits = append(hits, s.folder(p.t, "S3", testservers.S3Files())...)
	for _, setting := range []string{"DATABASE_URL", "KEYS_DATABASE_URL"} {
		dump, err := exec.CommandContext(p.t.Context(), "pg_dump", "--dbname="+p.setting(setting)).Output()
		if err != nil {
			p.t.Fatal(err)
		}
		hits = append(hits, s.in("dump of "+setting, dump)...)
	}
	p.sql("DATABASE_URL", "CHECKPOINT")
	// Of the write-ahead log nothing is promised but that PostgreSQL reuses it.
	return append(hits, s.folder(p.t, "PostgreSQL", testservers.PostgresFiles(), "data/pg_wal")...)
}
