// Package subjectrequest is a person's use of a right over what we hold of them:
// access, erasure and the others of the GDPR, and California's "Shine the Light".
//
// The law gives such a request a date, and the privacy policy promises one of its
// own. A Calendar works both out, in the controller's time zone and with the
// holidays of its country; reminders follow the earlier one, so that neither a
// weekend nor a mistaken holiday makes anyone late. Dates are days, not moments: a
// due day counts to its last instant.
//
// A Request is the record. What may happen to it, and when, are its methods: each
// takes who acts and when, and returns a Change, which holds the request as it is
// afterwards and the line for the audit trail. Stores keep a change whole or not at
// all, and only if nobody else has changed the request since it was read.
//
// The register remembers dates and outcomes for years and the person for as long as
// it takes to answer: when a request is closed, the e-mail address and what the
// person wrote are forgotten. A photo is known only while it lives.
package subjectrequest
