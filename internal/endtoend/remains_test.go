package endtoend

import (
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// stays says whether a finding is what the policy says is left.
func (p *person) stays(h hit) bool {
	if h.value == "the mark in a contest" {
		for _, place := range []string{"dir/photos.db", "dump of DATABASE_URL", "PostgreSQL/data/base/"} {
			if strings.HasPrefix(h.place, place) {
				return true
			}
		}
	}
	// PostgreSQL gives the place of a deleted row of statistics to a later one; see
	// docs/backups.md. It tells of a document and of hours.
	return h.value == "the reference of uncounted" && strings.HasPrefix(h.place, "PostgreSQL/data/base/")
}

// secretsWereNeverTold searches all that Redis was told.
func (p *person) secretsWereNeverTold() {
	p.t.Helper()
	s := p.hidden()
	for _, tap := range p.taps {
		for _, h := range s.in("what Redis was told", []byte(strings.Join(tap.Commands(), ""))) {
			p.t.Errorf("%s", h)
		}
	}
}

// rowsThatStay holds the databases against the policy, row by row.
func (p *person) rowsThatStay() {
	p.t.Helper()
	for _, want := range []struct{ setting, count, rows string }{
		{"KEYS_DATABASE_URL", "photo_keys", "0"},
		{"DATABASE_URL", "photos", "0"},
		{"DATABASE_URL", "erasures", "0"},
		{"DATABASE_URL", "contests WHERE photo_id IS NOT NULL OR may_open", "0"},
		{"DATABASE_URL", "contests WHERE message = '" + p.words + "' AND note = '" + p.words + "'", "1"},
		{"DATABASE_URL", "complaints WHERE photo_id IS NOT NULL", "0"},
		{"DATABASE_URL", "complaints WHERE words = '" + p.words + "' AND about LIKE '%head_height%'", "1"},
		{"DATABASE_URL", "usage_statistics WHERE reference = '" + p.photos["ready"].reference + "'", "1"},
		{"DATABASE_URL", "usage_statistics WHERE reference = '" + p.photos["uncounted"].reference + "'", "0"},
		{"DATABASE_URL", "usage_statistics WHERE reference = '" + p.photos["faceless"].reference + "'", "0"},
	} {
		if got := p.sql(want.setting, "SELECT COUNT(*) FROM "+want.count); got != want.rows {
			p.t.Errorf("%s rows of %s, want %s", got, want.count, want.rows)
		}
	}
	for _, shelf := range []string{"photos", "held"} {
		if left, err := filepath.Glob(filepath.Join(p.blobs(), shelf, "*")); err != nil || len(left) > 0 {
			p.t.Errorf("blobs are left: %v, %v", left, err)
		}
	}
}

// accessLogNamesNoPhoto reads what an authority would get after an attack.
func (p *person) accessLogNamesNoPhoto() {
	p.t.Helper()
	now := time.Now().UTC()
	export := string(p.officer(http.MethodGet, "/ops/access-log?format=jsonl&from="+now.Add(-time.Hour).Format(time.RFC3339)+"&to="+now.Add(time.Hour).Format(time.RFC3339), "").body)
	for _, h := range p.all().in("the access log's export", []byte(export)) {
		p.t.Errorf("%s", h)
	}
	for _, want := range []string{"/v1/photos/:id/restriction", "https://portal.example", "Firefox"} {
		if !strings.Contains(export, want) {
			p.t.Errorf("the access log does not have %s, so this test can't see", want)
		}
	}
}
