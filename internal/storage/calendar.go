package storage

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Calendar is the controller's, by which requests are due and closed. Where the
// country's holidays are not known only weekends move a date, so that it is too early
// rather than too late; the log warns of it.
func Calendar(cfg config.Config, log *slog.Logger) (subjectrequest.Calendar, error) {
	zone, err := cfg.TimeZone()
	if err != nil {
		return subjectrequest.Calendar{}, fmt.Errorf("CONTROLLER_TIME_ZONE: %w", err)
	}
	country := strings.ToUpper(cfg.ControllerCountry)
	if !slices.Contains(subjectrequest.Jurisdictions(), country) {
		log.Warn("no public holidays are known for CONTROLLER_COUNTRY: only weekends move the days by which requests are answered")
		return subjectrequest.NewCalendar(zone)
	}
	return subjectrequest.NewCalendar(zone, country)
}
