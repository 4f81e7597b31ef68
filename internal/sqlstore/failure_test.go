package sqlstore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func TestAFullDiskIsAnOrdinaryError(t *testing.T) {
	onSQLite(t, func(t *testing.T, s store) {
		held := s.claimed(noon)
		var pages int
		s.ok(s.db.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages))
		_, err := s.db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		s.ok(err)
		for err == nil {
			err = s.Reserve(t.Context(), photo.Reservation{ID: photo.NewID(), Now: noon})
		}
		if !strings.Contains(err.Error(), "full") || errors.Is(err, photo.ErrDuplicate) {
			t.Errorf("got %v", err)
		}
		s.ok(s.Finish(t.Context(), held, photo.Outcome{Status: photo.Ready, Now: noon})) // the rest goes on
	})
}

func TestADatabaseThatIsGoneIsAnOrdinaryError(t *testing.T) {
	onBoth(t, func(t *testing.T, s store) {
		task := s.queued(noon)
		if strings.HasPrefix(s.url, "postgres") {
			testservers.DropPostgres(t, s.url)
		} else {
			s.ok(s.db.Close())
		}
		_, err := s.Get(t.Context(), task.ID)
		if err == nil || errors.Is(err, photo.ErrNotFound) {
			t.Errorf("get: %v", err)
		}
		_, err = s.Claim(t.Context(), task, noon)
		if err == nil || errors.Is(err, photo.ErrClaimLost) {
			t.Errorf("claim: %v", err)
		}
		err = s.Reserve(t.Context(), photo.Reservation{ID: photo.NewID(), Now: noon})
		if err == nil || errors.Is(err, photo.ErrDuplicate) {
			t.Errorf("reserve: %v", err)
		}
		if err := s.db.Ready(t.Context()); err == nil {
			t.Error("a database that is gone is called ready")
		}
	})
}
