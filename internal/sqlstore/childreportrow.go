package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// insertChildReport takes what filedOnce and changing give, in this order.
const insertChildReport = `
	INSERT INTO child_reports (id, key_hash, ground, photo_id, froze, filed_at, due_at, receipt, link_until, words, email, link_hash, link_code_hash,
		version, state, closed_at, reason, confirmed_at, answer_hash, answer_code_hash)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`

// updateChildReport takes the ID, the version before, the photo that the report was
// seen with, and what changing gives. It never writes the photo, which others take
// away meanwhile.
const updateChildReport = `
	UPDATE child_reports SET version = $4, state = $5, closed_at = $6, reason = $7, confirmed_at = $8, answer_hash = $9, answer_code_hash = $10
	WHERE id = $1 AND version = $2 AND COALESCE(photo_id, '') = $3`

// childReportColumns begins a statement whose rows scanChildReport reads.
const childReportColumns = `
	SELECT r.id, r.key_hash, r.version, r.state, r.ground, r.froze, r.receipt, r.filed_at, r.due_at, r.closed_at,
		r.words, r.reason, r.email, r.link_hash, r.link_code_hash, r.link_until, r.confirmed_at, r.answer_hash, r.answer_code_hash,
		COALESCE(r.photo_id, ''), COALESCE(p.document, ''), COALESCE(p.age_band, ''), COALESCE(p.stated_person, FALSE), COALESCE(p.agreed_face_points, FALSE),
		COALESCE(p.policy_version, 0), COALESCE(p.created_at, 0), COALESCE(p.expires_at, 0),
		(SELECT COUNT(*) FROM child_reports o WHERE o.photo_id = r.photo_id AND o.closed_at = 0 AND o.id <> r.id)
	FROM child_reports r LEFT JOIN photos p ON p.id = r.photo_id `

// filedOnce is what a step never changes of a report.
func filedOnce(r childreport.Report) []any {
	return []any{
		r.ID, r.KeyHash[:], r.Ground, sql.NullString{String: string(r.Photo.ID), Valid: r.Photo.ID != ""}, r.Froze,
		sqldb.Millis(r.FiledAt), sqldb.Millis(r.DueAt), r.Receipt, sqldb.Millis(r.Link.Until), r.Words, r.Email.Reveal(),
		orNull(r.Link.Hash.Token), orNull(r.Link.Hash.Code),
	}
}

// changing is what a step may have changed.
func changing(r childreport.Report) []any {
	return []any{
		r.Version, r.State, sqldb.Millis(r.ClosedAt), r.Reason, sqldb.Millis(r.Link.ConfirmedAt), orNull(r.Answer.Token), orNull(r.Answer.Code),
	}
}

func scanChildReport(row sqldb.Row) (childreport.Report, error) {
	var (
		r                              childreport.Report
		to                             string
		key, link, linkCode, read, typ []byte
		filed, due, closed             int64
		until, confirmed, up, expires  int64
	)
	err := row.Scan(&r.ID, &key, &r.Version, &r.State, &r.Ground, &r.Froze, &r.Receipt, &filed, &due, &closed,
		&r.Words, &r.Reason, &to, &link, &linkCode, &until, &confirmed, &read, &typ,
		&r.Photo.ID, &r.Photo.Document, &r.Photo.AgeBand, &r.Photo.Statement.Person, &r.Photo.Statement.FacePoints,
		&r.Photo.Statement.PolicyVersion, &up, &expires, &r.Photo.Others)
	if err != nil {
		return childreport.Report{}, err
	}
	copy(r.KeyHash[:], key)
	for _, h := range []struct {
		into *secret.Hash
		from []byte
	}{{&r.Link.Hash.Token, link}, {&r.Link.Hash.Code, linkCode}, {&r.Answer.Token, read}, {&r.Answer.Code, typ}} {
		copy(h.into[:], h.from)
	}
	if to != "" {
		if r.Email, err = email.Parse(to); err != nil {
			return childreport.Report{}, err
		}
	}
	r.FiledAt, r.DueAt, r.ClosedAt = sqldb.Time(filed), sqldb.Time(due), sqldb.Time(closed)
	r.Link.Until, r.Link.ConfirmedAt = sqldb.Time(until), sqldb.Time(confirmed)
	r.Photo.UploadedAt, r.Photo.ExpiresAt = sqldb.Time(up), sqldb.Time(expires)
	return r, nil
}

// byPair returns the report one of whose two hashes is of what was given: a link's
// token, or a code as people type it.
func (c *ChildReports) byPair(ctx context.Context, doing, token, code, given string) (childreport.Report, error) {
	column, hash := token, secret.Key(given).Hash()
	if typed, ok := secret.ParseCode(given); ok {
		column, hash = code, typed.Hash()
	}
	r, err := c.one(ctx, `WHERE `+column+` = $1`, hash[:])
	if err != nil {
		return childreport.Report{}, fmt.Errorf("%s: %w", doing, err)
	}
	return r, nil
}
