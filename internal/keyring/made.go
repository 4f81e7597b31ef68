package keyring

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// MadeBefore returns photos whose key was made before a time, by ID and from the one
// that follows after, at most limit. It is for finding keys that outlived their
// photo.
func (k *Keyring) MadeBefore(ctx context.Context, before time.Time, after photo.ID, limit int) (ids []photo.ID, err error) {
	ids, err = sqldb.All(ctx, k.db, sqldb.Only[photo.ID], `
		SELECT photo_id FROM photo_keys WHERE photo_id > $1 AND created_at < $2 ORDER BY photo_id LIMIT $3`,
		after, sqldb.Millis(before), limit)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return ids, nil
}
