package check

import (
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// usualAge is how old a photo may be where the office does not say: most that do
// name six months.
const usualAge = 183

// clockError is how far a camera's clock and our idea of its time zone may be off.
const clockError = 2.0

// maxAge is the office's limit in days.
func maxAge(spec docspec.Spec) (days int, certainty docspec.Certainty) {
	if f := spec.MaxAgeDays; f != nil {
		return f.Value, spec.Certainty(f.Source)
	}
	return usualAge, docspec.Baseline
}

func ageQuestion(in Input) declaration {
	days, certainty := maxAge(in.Spec)
	return declaration{
		text:      fmt.Sprintf("Was the picture taken within the last %s?", period(days)),
		otherwise: fmt.Sprintf("The office takes no picture older than %s. Take a new one.", period(days)),
		certainty: certainty,
	}
}

// photoAge goes by the date that the camera wrote into the file, and without one by
// what the person says.
func photoAge(in Input) Check {
	taken := in.Traits.TakenAt
	if taken.IsZero() || taken.After(in.Now.Add(clockError*24*time.Hour)) {
		return in.declare(PhotoAge, in.Settings.Declared.Age, ageQuestion(in))
	}
	days, certainty := maxAge(in.Spec)
	age := max(in.Now.Sub(taken).Hours()/24, 0)
	c := most(float64(days), clockError).reading(age, Days).check(PhotoAge, certainty, map[Outcome]string{
		Pass: "The camera's date says that the picture is new enough.",
		Warn: "The camera's date says that the picture is as old as the office allows. Take a new one to be sure.",
		Fail: fmt.Sprintf("The camera's date says that the picture is older than %s. Take a new one.", period(days)),
	})
	whole := float64(int(age))
	c.Value = &whole
	return c
}

// period says days in the unit that people use.
func period(days int) string {
	switch {
	case days >= 28 && days%365 == 0:
		return plural(days/365, "year")
	case days >= 28:
		return plural((days+15)/30, "month")
	}
	return plural(days, "day")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
