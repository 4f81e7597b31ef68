package subjectrequest

import "cloud.google.com/go/civil"

// Figure is how many requests of a kind came to the same.
type Figure struct {
	Kind     Kind
	Outcome  Outcome
	Extended bool
	Late     bool // answered after the law's date
	Days     int  // from the arrival to the answer; less than 0 without one
	Count    int
}

// Unanswered are the requests of a quarter that wait still.
type Unanswered struct {
	Overdue int        // whose due day is over
	Oldest  ID         // that arrived first; empty for none
	Arrived civil.Date // the oldest one
}

// Summary is what some requests came to.
type Summary struct {
	Total    int
	Outcomes map[Outcome]int
	Extended int
	InTime   int // answered by the law's date
	Late     int // answered after it

	days map[int]int // how many were answered after so many days
}

// Summarise adds figures up.
func Summarise(figures []Figure) Summary {
	s := Summary{Outcomes: map[Outcome]int{}, days: map[int]int{}}
	for _, f := range figures {
		s.Total += f.Count
		s.Outcomes[f.Outcome] += f.Count
		if f.Extended {
			s.Extended += f.Count
		}
		switch {
		case f.Days < 0:
			continue
		case f.Late:
			s.Late += f.Count
		default:
			s.InTime += f.Count
		}
		s.days[f.Days] += f.Count
	}
	return s
}

// MedianDays is the number of days within which one half of the answers came; between
// two numbers it is their mean. It is not ok without answers.
func (s Summary) MedianDays() (days float64, ok bool) {
	n := s.InTime + s.Late
	if n == 0 {
		return 0, false
	}
	return float64(s.day((n-1)/2)+s.day(n/2)) / 2, true
}

// day is how many days the answer took that stands at a place when all stand in the
// order of their days.
func (s Summary) day(place int) int {
	for day, seen := 0, 0; ; day++ {
		if seen += s.days[day]; seen > place {
			return day
		}
	}
}

// Report is what the requests that arrived in a quarter came to so far.
type Report struct {
	Quarter    Quarter
	Figures    []Figure
	Unanswered Unanswered
}

// Of adds the figures of one kind up.
func (r Report) Of(k Kind) Summary {
	var of []Figure
	for _, f := range r.Figures {
		if f.Kind == k {
			of = append(of, f)
		}
	}
	return Summarise(of)
}

// All adds all figures up.
func (r Report) All() Summary { return Summarise(r.Figures) }
