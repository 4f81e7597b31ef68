package installation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/installation"
)

// store is one in memory.
type store struct {
	id   string
	used bool
}

func (s *store) ID(context.Context) (string, error) { return s.id, nil }

func (s *store) Keep(_ context.Context, id string) (string, error) {
	if s.id == "" {
		s.id = id
	}
	return s.id, nil
}

func (s *store) Used(context.Context) (bool, error) { return s.used, nil }

func TestStoresAreGivenAnIDOnlyIfTheyCanBelongTogether(t *testing.T) {
	const used, empty = true, false
	for _, tt := range []struct {
		name                 string
		records, keys, blobs store
		refused              error
		id                   string // that all hold then; any if empty
	}{
		{"a new installation", store{"", empty}, store{"", empty}, store{"", empty}, nil, ""},
		{"one from before there were IDs", store{"", used}, store{"", used}, store{"", used}, nil, ""},
		{"one that has its ID", store{"a", used}, store{"a", used}, store{"a", used}, nil, "a"},
		{"one whose keys were lost, without its pictures", store{"a", used}, store{"", empty}, store{"a", empty}, nil, "a"},
		{"one whose blobs were lost, without its keys", store{"a", used}, store{"a", empty}, store{"", empty}, nil, "a"},
		{"records restored on another machine", store{"a", used}, store{"", empty}, store{"", empty}, nil, "a"},
		{"records restored from before there were IDs", store{"", used}, store{"a", used}, store{"a", used}, nil, "a"},
		{"an adoption that broke off", store{"a", used}, store{"", used}, store{"", used}, nil, "a"},
		{"a beginning that broke off", store{"a", empty}, store{"a", empty}, store{"", empty}, nil, "a"},
		{"empty records beside an installation", store{"", empty}, store{"a", used}, store{"a", used}, installation.ErrNoRecords, ""},
		{"empty records beside an ID alone", store{"", empty}, store{"", empty}, store{"a", empty}, installation.ErrNoRecords, ""},
		{"empty records beside keys from before there were IDs", store{"", empty}, store{"", used}, store{"", empty}, installation.ErrNoRecords, ""},
		{"empty records beside blobs from before there were IDs", store{"", empty}, store{"", empty}, store{"", used}, installation.ErrNoRecords, ""},
		{"pictures whose keys are not there", store{"a", used}, store{"", empty}, store{"a", used}, installation.ErrNoKeys, ""},
		{"a disk that is not mounted", store{"a", used}, store{"a", used}, store{"", empty}, installation.ErrNoBlobs, ""},
		{"another's records", store{"b", used}, store{"a", used}, store{"a", used}, installation.ErrOthers, ""},
		{"another's keys", store{"a", used}, store{"b", used}, store{"a", used}, installation.ErrOthers, ""},
		{"another's blobs", store{"a", used}, store{"a", used}, store{"b", used}, installation.ErrOthers, ""},
		{"keys and blobs of two", store{"", used}, store{"a", used}, store{"b", used}, installation.ErrOthers, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := []store{tt.records, tt.keys, tt.blobs}
			s := installation.Stores{Records: &tt.records, Keys: &tt.keys, Blobs: &tt.blobs}
			if err := s.Adopt(t.Context()); !errors.Is(err, tt.refused) {
				t.Fatalf("adopted with %v, want %v", err, tt.refused)
			}
			if tt.refused != nil {
				if after := []store{tt.records, tt.keys, tt.blobs}; after[0] != before[0] || after[1] != before[1] || after[2] != before[2] {
					t.Errorf("refused stores were changed: %v, now %v", before, after)
				}
				if err := s.Agree(t.Context()); err == nil {
					t.Error("the refused stores agree")
				}
				return
			}
			if err := s.Agree(t.Context()); err != nil {
				t.Error(err)
			}
			if tt.id != "" && tt.records.id != tt.id || tt.records.id == "" {
				t.Errorf("the ID is %q, want %q", tt.records.id, tt.id)
			}
		})
	}
}

func TestStoresWithoutAnIDDoNotAgree(t *testing.T) {
	s := installation.Stores{Records: &store{id: "a"}, Keys: &store{id: "a"}, Blobs: &store{}}
	if err := s.Agree(t.Context()); !errors.Is(err, installation.ErrNoID) {
		t.Errorf("they agree: %v", err)
	}
}
