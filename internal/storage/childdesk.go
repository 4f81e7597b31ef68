package storage

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/childdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// ChildDesk says what a desk for reports about children works with: all but the
// process's own eraser, log and clock.
func (s *Storage) ChildDesk(cfg config.Config) (childdesk.Options, error) {
	zone, err := cfg.TimeZone()
	if err != nil {
		return childdesk.Options{}, fmt.Errorf("CONTROLLER_TIME_ZONE: %w", err)
	}
	return childdesk.Options{
		Register: s.ChildReports, Writer: letter.Writer{Site: cfg.PublicURL, From: cfg.ControllerName, Zone: zone},
	}, nil
}
