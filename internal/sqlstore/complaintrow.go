package sqlstore

import (
	"database/sql"
	"encoding/json"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// insertComplaint takes what complaintOnce and complaintNow give, in this order.
const insertComplaint = `
	INSERT INTO complaints (id, key_hash, filed_at, due_at, about, photo_id,
		version, state, email, words, reference, answer, link_hash, link_code_hash, link_until, confirmed_at,
		read_hash, read_code_hash, answered_at, closing, closed_at, settled_at, merged_into)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`

// updateComplaint takes the ID, the version before, whether the person is forgotten, and
// what complaintNow gives. It never writes the photo, which an erasure takes away
// meanwhile.
const updateComplaint = `
	UPDATE complaints SET photo_id = CASE WHEN $3 THEN NULL ELSE photo_id END,
		version = $4, state = $5, email = $6, words = $7, reference = $8, answer = $9,
		link_hash = $10, link_code_hash = $11, link_until = $12, confirmed_at = $13, read_hash = $14, read_code_hash = $15,
		answered_at = $16, closing = $17, closed_at = $18, settled_at = $19, merged_into = $20
	WHERE id = $1 AND version = $2`

// complaintColumns begins a statement whose rows scanComplaint reads. It looks for each
// one's photo by itself: PostgreSQL takes a join for a reason to read all photos.
const complaintColumns = `
	SELECT c.id, c.key_hash, c.filed_at, c.due_at, c.about, COALESCE(c.photo_id, ''),
		COALESCE((SELECT p.expires_at FROM photos p WHERE p.id = c.photo_id), 0),
		c.version, c.state, c.email, c.words, c.reference, c.answer, c.link_hash, c.link_code_hash, c.link_until, c.confirmed_at,
		c.read_hash, c.read_code_hash, c.answered_at, c.closing, c.closed_at, c.merged_into
	FROM complaints c `

// complaintOnce is what never changes of a complaint, or not by a change.
func complaintOnce(c complaint.Complaint) ([]any, error) {
	about, err := json.Marshal(c.About)
	return []any{
		c.ID, c.KeyHash[:], sqldb.Millis(c.FiledAt), sqldb.Millis(c.DueAt), string(about),
		sql.NullString{String: string(c.Photo.ID), Valid: c.Photo.ID != ""},
	}, err
}

// complaintNow is what a change may have changed.
func complaintNow(c complaint.Complaint) []any {
	return []any{
		c.Version, c.State, c.Email.Reveal(), c.Words, c.Reference, c.Answer,
		orNull(c.Link.Hash.Token), orNull(c.Link.Hash.Code), sqldb.Millis(c.Link.Until), sqldb.Millis(c.Link.ConfirmedAt),
		orNull(c.Read.Token), orNull(c.Read.Code), sqldb.Millis(c.AnsweredAt),
		c.Closing, sqldb.Millis(c.ClosedAt), sqldb.Millis(c.SettledAt()), c.MergedInto,
	}
}

func scanComplaint(row sqldb.Row) (c complaint.Complaint, err error) {
	var (
		to, about           string
		key, link, linkCode []byte
		read, readCode      []byte
		filed, due, expires int64
		until, confirmed    int64
		answered, closed    int64
	)
	err = row.Scan(&c.ID, &key, &filed, &due, &about, &c.Photo.ID, &expires,
		&c.Version, &c.State, &to, &c.Words, &c.Reference, &c.Answer, &link, &linkCode, &until, &confirmed,
		&read, &readCode, &answered, &c.Closing, &closed, &c.MergedInto)
	if err == nil {
		err = json.Unmarshal([]byte(about), &c.About)
	}
	if err == nil && to != "" {
		c.Email, err = email.Parse(to)
	}
	if err != nil {
		return complaint.Complaint{}, err
	}
	for _, h := range []struct {
		into *secret.Hash
		from []byte
	}{{&c.KeyHash, key}, {&c.Link.Hash.Token, link}, {&c.Link.Hash.Code, linkCode}, {&c.Read.Token, read}, {&c.Read.Code, readCode}} {
		copy(h.into[:], h.from)
	}
	c.FiledAt, c.DueAt, c.Photo.ExpiresAt = sqldb.Time(filed), sqldb.Time(due), sqldb.Time(expires)
	c.Link.Until, c.Link.ConfirmedAt = sqldb.Time(until), sqldb.Time(confirmed)
	c.AnsweredAt, c.ClosedAt = sqldb.Time(answered), sqldb.Time(closed)
	return c, nil
}
