package archivist

import (
	"context"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Filing lists a register's records by address, oldest first.
type Filing[T any] func(ctx context.Context, a email.Address) ([]T, error)

// shelf is a Source over a register's records.
type shelf[T any] struct {
	name string
	list Filing[T]
	item func(T) (archive.Item, bool) // false leaves it out
}

// Section is the register's name.
func (s shelf[T]) Section() string { return s.name }

// Filed lists the records.
func (s shelf[T]) Filed(ctx context.Context, a email.Address) (items []archive.Item, err error) {
	all, err := s.list(ctx, a)
	for _, one := range all {
		if item, told := s.item(one); told {
			items = append(items, item)
		}
	}
	return items, err
}

// FiledRequests are the subject requests under an address.
func FiledRequests(list Filing[subjectrequest.Request]) Source {
	return shelf[subjectrequest.Request]{"requests", list, func(r subjectrequest.Request) (archive.Item, bool) { return archive.RequestItem(r), true }}
}

// SentLetters are the letters that were written to an address. Reminders are for
// officers, who may have asked too.
func SentLetters(list Filing[letter.Record]) Source {
	return shelf[letter.Record]{"letters", list, func(l letter.Record) (archive.Item, bool) {
		return archive.LetterItem(l), l.Kind != letter.Reminder
	}}
}
