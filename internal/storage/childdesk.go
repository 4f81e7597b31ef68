package storage

import (
	"github.com/passportphotogenie/passportphotogenie/internal/childdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// ChildDesk is where reports about children are taken in and decided.
func (s *Storage) ChildDesk(cfg config.Config, m DeskMeans) (*childdesk.Desk, error) {
	writer, err := Writer(cfg)
	if err != nil {
		return nil, err
	}
	return childdesk.New(childdesk.Options{Register: s.ChildReports, Eraser: m.Eraser, Writer: writer, Log: m.Log, Now: m.Now}), nil
}
