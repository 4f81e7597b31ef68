package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// check makes a judgement of the reading. It binds, and it looked at the original,
// unless its maker says otherwise.
func (r reading) check(name Name, certainty docspec.Certainty, advice map[Outcome]string) Check {
	outcome := r.judge()
	c := Check{
		Name: name, Stage: Original, Outcome: outcome, Binding: true, Unit: r.unit, Uncertainty: round(r.uncertainty),
		Limits: &r.limits, Certainty: certainty, Advice: advice[outcome],
	}
	if outcome != NotAssessed {
		value := round(r.value)
		c.Value = &value
	} else if c.Advice == "" {
		c.Advice = "This could not be measured in this picture."
	}
	return c
}

// at says where to look.
func (c Check) at(p *Place) Check {
	c.Place = p
	return c
}

// finished says that the check looked at the finished photo.
func (c Check) finished() Check {
	c.Stage = Finished
	return c
}

// unbound says that the check counts for nothing: no office asks for it, or not of
// this person.
func (c Check) unbound() Check {
	c.Binding = false
	return c
}

// relaxed is unbound for persons of whom it can't be asked.
func (c Check) relaxed(small bool) Check {
	c.Binding = c.Binding && !small
	return c
}

// silent takes the judgement from a check whose value is known, and says why.
func (c Check) silent(why string) Check {
	c.Outcome, c.Limits, c.Certainty, c.Advice = NotAssessed, nil, "", why
	return c.unbound()
}

// round keeps thousandths: less than anyone could measure again. A number too large to
// have any stays as it is.
func round(v float64) float64 {
	if math.Abs(v) > 1e12 {
		return v
	}
	return math.Round(v*1000) / 1000
}
