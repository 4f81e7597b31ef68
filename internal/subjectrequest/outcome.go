package subjectrequest

// Outcome is what a request came to, which is still known when the person is forgotten.
type Outcome string

// The outcomes.
const (
	Pending      Outcome = "pending" // nobody has answered yet
	WasFulfilled Outcome = "fulfilled"
	WasRefused   Outcome = "refused"
	WasWithdrawn Outcome = "withdrawn"
	WasRedirect  Outcome = "redirected"
	WasMerged    Outcome = "merged"
)

// Outcomes lists them.
func Outcomes() []Outcome {
	return []Outcome{Pending, WasFulfilled, WasRefused, WasWithdrawn, WasRedirect, WasMerged}
}

// Outcome is what the request came to.
func (r Request) Outcome() Outcome {
	switch {
	case r.Closing != "" && r.Closing != Answered:
		return Outcome(r.Closing)
	case r.State.Open():
		return Pending
	case r.Refusal.Reason != "":
		return WasRefused
	}
	return WasFulfilled
}

// AnswerDays is how many days after its arrival the request was answered; less than 0
// without an answer.
func (r Request) AnswerDays() int {
	if r.AnsweredOn.IsZero() {
		return -1
	}
	return r.AnsweredOn.DaysSince(r.ArrivedOn)
}
