package storage_test

import (
	"strings"
	"testing"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
)

func TestTheControllersHolidaysAreFreeOrTheLogSaysThatNoneAreKnown(t *testing.T) {
	for country, free := range map[string]bool{"IE": true, "ie": true, "": false, "JP": false, "US-CA": false} {
		var log strings.Builder
		c, err := storage.Calendar(config.Config{ControllerCountry: country, ControllerTimeZone: "Europe/Dublin"}, logging.New(logging.Options{Out: &log}))
		if err != nil {
			t.Fatal(err)
		}
		patrick := civil.Date{Year: 2026, Month: 3, Day: 17}
		if c.Working(patrick) == free || !c.Working(patrick.AddDays(1)) || c.Working(patrick.AddDays(4)) {
			t.Errorf("%q: St Patrick's Day, the day after or a Saturday is taken wrong", country)
		}
		if warned := strings.Contains(log.String(), "CONTROLLER_COUNTRY"); warned == free {
			t.Errorf("%q: the log says %q", country, log.String())
		}
	}
}

func TestADayBeginsInTheControllersTimeZone(t *testing.T) {
	var log strings.Builder
	c, err := storage.Calendar(config.Config{ControllerTimeZone: "Pacific/Auckland"}, logging.New(logging.Options{Out: &log}))
	if err != nil {
		t.Fatal(err)
	}
	if end := c.End(civil.Date{Year: 2026, Month: 6, Day: 1}).UTC().Hour(); end != 12 {
		t.Errorf("1 June ends at %d h UTC", end)
	}
}
