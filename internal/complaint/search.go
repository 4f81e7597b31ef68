package complaint

import "github.com/passportphotogenie/passportphotogenie/internal/docket"

// Path is where a complaint's page for officers is, below the site's address.
func Path(id ID) string { return "/ops/complaints/" + string(id) }

// Search says which complaints are looked for; what is empty does not matter.
type Search struct {
	// Text is an e-mail address, the beginning of an ID, a reference of statistics or, if
	// it is none of these, a piece of what was said in an open complaint.
	Text  string
	State State
	// Before is where the page before ended, in the order of filing; the zero one is the
	// beginning.
	Before docket.Place
}

// NoteSearch says which notes are looked for.
type NoteSearch struct {
	// Text is an e-mail address, the ID of a complaint, a reference of statistics or, if
	// it is none of these, a piece of an open note; empty for any.
	Text   string
	Closed bool // closed ones too
	// Before is where the page before ended, in the order of writing; the zero one is the
	// beginning.
	Before docket.Place
}
