package storage

import (
	"github.com/passportphotogenie/passportphotogenie/internal/complaintdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// ComplaintDesk is where complaints are taken in and answered.
func (s *Storage) ComplaintDesk(cfg config.Config, m DeskMeans) (*complaintdesk.Desk, error) {
	writer, err := Writer(cfg)
	if err != nil {
		return nil, err
	}
	return complaintdesk.New(complaintdesk.Options{
		Register: s.Complaints, Finder: s.Complaints, Queue: m.Queue, Writer: writer,
		Calendar: m.Calendar, Days: cfg.ComplaintDays, Log: m.Log, Now: m.Now,
	}), nil
}
