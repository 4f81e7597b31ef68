package storage

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Holdings are all places where something is held of a person. A register that files
// things under an e-mail address has its line among the sources.
func (s *Storage) Holdings(promises *policy.Policy, facts policy.Facts) archivist.Holdings {
	return archivist.Holdings{
		Trail: s.Audit, Letters: s.Letters,
		Photo: archivist.PhotoHoldings{Photos: s.Photos, Reports: s.Vault, Contests: s.Contests, Log: s.AccessLog, Statistics: s.Statistics},
		Sources: []archivist.Source{
			archivist.FiledRequests(s.Requests.Under),
			archivist.SentLetters(s.Letters.To),
			archivist.FiledComplaints(s.Complaints.FiledUnder),
			archivist.FiledNotes(s.SupportNotes.FiledUnder),
		},
		Policy: promises, Facts: facts, Processors: s.Processors,
	}
}

// Sealed is what lies in the records sealed by the master key.
func (s *Storage) Sealed() []keyring.Secrets {
	return []keyring.Secrets{
		{Rows: s.Authenticators, About: operator.About},
		{Rows: s.Archives, About: archivist.About},
		{Rows: s.Webhooks, About: webhook.About},
	}
}

// ArchiveReader hands archives out that are kept for a period of retention.Answers.
func (s *Storage) ArchiveReader(kept retention.Period, now func() time.Time) *archivist.Reader {
	return archivist.NewReader(archivist.ReaderOptions{
		Requests: s.Requests, Archives: s.Archives, Opener: s.Master, Photos: s.Photos, Pictures: s.Vault, Kept: kept, Now: now,
	})
}
