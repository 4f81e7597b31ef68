package walltime

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
)

func TestAMomentIsReadFromTheClockOnTheWall(t *testing.T) {
	for _, tt := range []struct {
		name, zone, day, clock string
		want                   []string
	}{
		{"an ordinary one", "Europe/Dublin", "2026-03-10", "09:30", []string{"2026-03-10T09:30:00Z"}},
		{"with seconds, as some browsers send it", "Europe/Dublin", "2026-07-10", "09:30:59", []string{"2026-07-10T08:30:00Z"}},
		{"in the hour that clocks leap over", "Europe/Dublin", "2026-03-29", "01:30", nil},
		{"just after it", "Europe/Dublin", "2026-03-29", "02:00", []string{"2026-03-29T01:00:00Z"}},
		{"in the hour that comes twice", "Europe/Dublin", "2026-10-25", "01:30", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"}},
		{"just after it", "Europe/Dublin", "2026-10-25", "02:00", []string{"2026-10-25T02:00:00Z"}},
		{"where clocks move by half an hour", "Australia/Lord_Howe", "2026-04-05", "01:45", []string{"2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"}},
		{"on a day that a country left out", "Pacific/Apia", "2011-12-30", "12:00", nil},
		{"on a leap day", "Europe/Berlin", "2028-02-29", "00:00", []string{"2028-02-28T23:00:00Z"}},
		{"on none", "Europe/Berlin", "2027-02-29", "00:00", nil},
		{"without a time", "Europe/Berlin", "2027-02-28", "", nil},
		{"of words", "Europe/Berlin", "yesterday", "noon!", nil},
		{"of no hour", "Europe/Berlin", "2027-02-28", "24:00", nil},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range Moments(tt.day, tt.clock, zone) {
			got = append(got, m.UTC().Format(time.RFC3339))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
