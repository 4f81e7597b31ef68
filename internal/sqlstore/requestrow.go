package sqlstore

import (
	"database/sql"
	"database/sql/driver"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// insertRequest takes what constant and changeable give, in this order.
const insertRequest = `
	INSERT INTO subject_requests (id, key_hash, kind, channel, filed_at, arrived_on, photo_id, requester, year, repeated, contest, quarter,
		version, state, notice_on, law_on, promised_on, due_on, email, message,
		link_hash, link_until, confirmed_at, question, asked_on, settled_on, stopped_days,
		extension, reason, authority, remedy, answer, receipt, answered_on, closing, closed_at,
		link_code_hash, answer_hash, answer_code_hash, outcome, late, extended, answer_days)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
		$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43)
	ON CONFLICT (photo_id, kind) WHERE photo_id IS NOT NULL AND due_on <> '' DO NOTHING`

// updateRequest takes the ID, the version before, whether the request is closed, and
// what changeable gives. It never writes the photo or the requester, which others
// take away meanwhile, nor over a receipt, which an erasure leaves there.
const updateRequest = `
	UPDATE subject_requests SET photo_id = CASE WHEN $3 THEN NULL ELSE photo_id END,
		version = $4, state = $5, notice_on = $6, law_on = $7, promised_on = $8, due_on = $9, email = $10, message = $11,
		link_hash = $12, link_until = $13, confirmed_at = $14, question = $15, asked_on = $16, settled_on = $17, stopped_days = $18,
		extension = $19, reason = $20, authority = $21, remedy = $22, answer = $23, receipt = CASE WHEN receipt = '' THEN $24 ELSE receipt END, answered_on = $25,
		closing = $26, closed_at = $27, link_code_hash = $28, answer_hash = $29, answer_code_hash = $30,
		outcome = $31, late = $32, extended = $33, answer_days = $34
	WHERE id = $1 AND version = $2`

// The quarter and the last four columns of both are what reports count by, worked out
// when a request is written.

// requestColumns begins a statement whose rows scanRequest reads.
const requestColumns = `
	SELECT r.id, r.key_hash, r.kind, r.channel, r.filed_at, r.arrived_on, COALESCE(r.photo_id, ''), COALESCE(p.expires_at, 0), r.requester, r.repeated, r.contest,
		r.version, r.state, r.notice_on, r.law_on, r.promised_on, r.email, r.message,
		r.link_hash, r.link_until, r.confirmed_at, r.question, r.asked_on, r.settled_on, r.stopped_days,
		r.extension, r.reason, r.authority, r.remedy, r.answer, r.receipt, r.answered_on, r.closing, r.closed_at,
		r.link_code_hash, r.answer_hash, r.answer_code_hash
	FROM subject_requests r LEFT JOIN photos p ON p.id = r.photo_id `

// day is a date as a column holds it.
type day civil.Date

// Value makes the text.
func (d day) Value() (driver.Value, error) {
	if d == (day{}) {
		return "", nil
	}
	return civil.Date(d).String(), nil
}

// Scan reads the text.
func (d *day) Scan(v any) error {
	if v == "" {
		*d = day{}
		return nil
	}
	return (*civil.Date)(d).Scan(v)
}

// orNull is nil for a hash that is not there: of zeros only.
func orNull(hash [32]byte) any {
	if hash == ([32]byte{}) {
		return nil
	}
	return hash[:]
}

// constant is what never changes of a request, or not by a change.
func constant(r subjectrequest.Request) []any {
	return []any{
		r.ID, r.KeyHash[:], r.Kind, r.Channel, sqldb.Millis(r.FiledAt), day(r.ArrivedOn),
		sql.NullString{String: string(r.Photo.ID), Valid: r.Photo.ID != ""}, orNull(r.Requester), r.ArrivedOn.Year, r.Repeated, r.Contest,
		subjectrequest.QuarterOf(r.ArrivedOn).String(),
	}
}

// changeable is what a change may have changed.
func changeable(r subjectrequest.Request) []any {
	return []any{
		r.Version, r.State, day(r.Dates.Notice), day(r.Dates.Law), day(r.Dates.Promised), day(r.Due()), r.Email.Reveal(), r.Message,
		orNull(r.Link.Hash.Token), sqldb.Millis(r.Link.Until), sqldb.Millis(r.Link.ConfirmedAt),
		r.Question.Text, day(r.Question.AskedOn), day(r.Question.AnsweredOn), r.StoppedDays,
		r.Extension, r.Refusal.Reason, r.Refusal.Authority, r.Refusal.Remedy, r.Answer.Note, r.Answer.Receipt, day(r.AnsweredOn),
		r.Closing, sqldb.Millis(r.ClosedAt), orNull(r.Link.Hash.Code), orNull(r.Answer.Link.Token), orNull(r.Answer.Link.Code),
		r.Outcome(), r.Late(), r.Extension != "", r.AnswerDays(),
	}
}

func scanRequest(row sqldb.Row) (subjectrequest.Request, error) {
	var (
		r                     subjectrequest.Request
		to                    string
		key, link, requester  []byte
		linkCode, read, code  []byte
		filed, expires, until int64
		confirmed, closed     int64
	)
	err := row.Scan(&r.ID, &key, &r.Kind, &r.Channel, &filed, (*day)(&r.ArrivedOn), &r.Photo.ID, &expires, &requester, &r.Repeated, &r.Contest,
		&r.Version, &r.State, (*day)(&r.Dates.Notice), (*day)(&r.Dates.Law), (*day)(&r.Dates.Promised), &to, &r.Message,
		&link, &until, &confirmed, &r.Question.Text, (*day)(&r.Question.AskedOn), (*day)(&r.Question.AnsweredOn), &r.StoppedDays,
		&r.Extension, &r.Refusal.Reason, &r.Refusal.Authority, &r.Refusal.Remedy, &r.Answer.Note, &r.Answer.Receipt, (*day)(&r.AnsweredOn),
		&r.Closing, &closed, &linkCode, &read, &code)
	if err != nil {
		return subjectrequest.Request{}, err
	}
	copy(r.KeyHash[:], key)
	for _, h := range []struct {
		into *secret.Hash
		from []byte
	}{{&r.Link.Hash.Token, link}, {&r.Link.Hash.Code, linkCode}, {&r.Answer.Link.Token, read}, {&r.Answer.Link.Code, code}} {
		copy(h.into[:], h.from)
	}
	if to != "" {
		if r.Email, err = email.Parse(to); err != nil {
			return subjectrequest.Request{}, err
		}
	}
	copy(r.Requester[:], requester)
	r.FiledAt, r.Photo.ExpiresAt, r.ClosedAt = sqldb.Time(filed), sqldb.Time(expires), sqldb.Time(closed)
	r.Link.Until, r.Link.ConfirmedAt = sqldb.Time(until), sqldb.Time(confirmed)
	return r, nil
}
